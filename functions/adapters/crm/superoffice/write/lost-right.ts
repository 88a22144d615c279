import type { RecordWrite, WriteAnswer } from '../../../../ports/record-system.ts';
import type { RecordType } from '../fields/record-types.ts';
import { lostRight } from '../fields/rights.ts';
import { readAccess } from '../read/access.ts';
import type { Writing } from './update-record.ts';

const isForbidden = (answer: WriteAnswer) => answer.outcome === 'failed' && answer.error.kind === 'forbidden';

/**
 * Tells a lost right on a whole record type from one on single records: no write got through, and another record says
 * that the type is read-only, or several were refused.
 */
export async function asLostRight(
  { session, runtime }: Writing,
  recordType: RecordType,
  writes: readonly RecordWrite[],
  answers: readonly WriteAnswer[],
): Promise<WriteAnswer[]> {
  const refused = writes.filter((_write, at) => isForbidden(answers[at] ?? { outcome: 'missing' }));
  if (refused.length === 0 || answers.some(({ outcome }) => outcome === 'ok')) return [...answers];
  const keys = refused.map(({ key }) => key);
  const isReadOnly = await readAccess(session, runtime, recordType, keys)
    .then(({ write }) => !write)
    .catch(() => false);
  if (!isReadOnly && refused.length < 2) return [...answers];
  const error = lostRight(recordType, `write ${recordType.entity} records`);
  return answers.map((answer) => (isForbidden(answer) ? { outcome: 'failed', error } : answer));
}
