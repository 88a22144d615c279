import { SyncError } from '../functions/core/errors.ts';

const sentences: readonly { readonly cause: RegExp; readonly say: (tableName: string) => string }[] = [
  {
    cause: /^ResourceNotFoundException$/,
    say: (tableName) => `There is no table ${tableName} in this account and region: deploy the stage first.`,
  },
  {
    cause: /Credentials|ExpiredToken|UnrecognizedClient|InvalidClientTokenId/,
    say: () => 'AWS does not accept the credentials: sign in first (AWS_PROFILE, AWS_REGION).',
  },
  { cause: /^AccessDenied/, say: (tableName) => `Your AWS credentials may not write to the table ${tableName}.` },
  { cause: /^(TimeoutError|AggregateError|Error)$/, say: () => 'AWS does not answer: is the endpoint right?' },
];

/** One sentence for an operator, from the failure and the AWS error behind it. */
export function failureSentence(error: unknown, tableName: string): string {
  if (!(error instanceof Error)) return 'It failed without a reason.';
  const behind = error instanceof SyncError && error.cause instanceof Error ? error.cause : error;
  if (/^Region is missing/.test(behind.message)) return 'Which AWS region? Set AWS_REGION.';
  const known = behind === error ? undefined : sentences.find(({ cause }) => cause.test(behind.name));
  return known ? known.say(tableName) : error.message;
}
