import { SyncError } from '../functions/core/errors.ts';

const sentences: readonly { readonly cause: RegExp; readonly say: (stage: string) => string }[] = [
  {
    cause: /^ResourceNotFoundException$/,
    say: (stage) => `There is no table erp-sync-${stage} in this account and region: deploy the stage first.`,
  },
  {
    cause: /Credentials|ExpiredToken|UnrecognizedClient|InvalidClientTokenId/,
    say: () => 'AWS does not accept the credentials: sign in first (AWS_PROFILE, AWS_REGION).',
  },
  { cause: /^AccessDenied/, say: (stage) => `Your AWS credentials may not write to the table erp-sync-${stage}.` },
  { cause: /^(TimeoutError|AggregateError|Error)$/, say: () => 'AWS does not answer: is the endpoint right?' },
];

/** One sentence for an operator, from the failure and the AWS error behind it. */
export function failureSentence(error: unknown, stage: string): string {
  const behind = error instanceof SyncError && error.kind !== 'conflict' ? error.cause : undefined;
  const name = behind instanceof Error ? behind.name : '';
  const known = sentences.find(({ cause }) => cause.test(name));
  if (known) return known.say(stage);
  if (error instanceof Error && /region/i.test(error.message)) return 'Which AWS region? Set AWS_REGION.';
  return error instanceof Error ? error.message : 'It failed without a reason.';
}
