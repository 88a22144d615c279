import type { OperationId } from '../registry.ts';

/** What an operation has done that ran out of time; of all others nothing was changed. */
const leftBehind: Partial<Record<OperationId, string>> = {
  testConnection: 'The connection is in the state that it was in; actor types that were set aside may be tried again.',
  activateConnection:
    'The connection was not activated. What the systems said of their fields is kept, and where their lists begin: try again.',
  refreshMetadata: 'What the systems said of their fields may be stored, their lists are paired as before: try again.',
  applyConfig: 'What was applied of the file is applied, each connection whole: send the same file again.',
  retryFailures: 'Some of the failures may be tried again already: those that are still listed are open.',
};

export function leftBehindBy(id: string): string {
  return new Map(Object.entries(leftBehind)).get(id) ?? 'Nothing was changed: try again.';
}
