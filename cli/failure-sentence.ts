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
  if (!(error instanceof Error)) return 'It failed without a reason.';
  const behind = error instanceof SyncError && error.cause instanceof Error ? error.cause : error;
  if (/^Region is missing/.test(behind.message)) return 'Which AWS region? Set AWS_REGION.';
  const known = behind === error ? undefined : sentences.find(({ cause }) => cause.test(behind.name));
  return known ? known.say(stage) : error.message;
}
