import type { SyncError } from '../../../../core/errors.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import type { RecordWrite, WriteAnswer } from '../../../../ports/record-system.ts';
import type { RecordType } from '../fields/record-types.ts';
import { fieldsOf } from '../read/find-record-type.ts';
import { asLostRight } from './lost-right.ts';
import { failed, updateRecord, type Writing } from './update-record.ts';

/** After one of these the next record would fare no better: it is not sent. */
const haltingKinds = ['throttled', 'unauthorised'];

/** Writes each record by itself (spec 3.2); a right that is lost for all of them is told once, for the record type. */
export async function updateRecords(
  writing: Writing,
  recordType: RecordType,
  writes: readonly RecordWrite[],
  fieldKeys: readonly string[],
  callsAtOnce = 4,
): Promise<WriteAnswer[]> {
  const answered = fieldsOf(recordType, fieldKeys);
  const records = writes.map((write) => ({
    write,
    written: fieldsOf(recordType, Object.keys(write.values)),
    tested: fieldsOf(recordType, Object.keys(write.replaces)),
  }));
  await writing.session.ready();

  let halted: SyncError | undefined;
  const halt = (error: SyncError) => {
    halted ??= error;
  };
  const answers = await inParallel(records, callsAtOnce, async ({ write, written, tested }) => {
    if (halted) return failed(halted);
    const outcome = await updateRecord(writing, recordType, write, { written, tested, answered }, { halt });
    if (outcome.outcome === 'failed' && haltingKinds.includes(outcome.error.kind)) halt(outcome.error);
    return outcome;
  });
  return asLostRight(writing, recordType, writes, answers);
}
