import { SyncError } from '../../../../core/errors.ts';
import { filterInstant, instantMs } from '../fields/instants.ts';
import type { RecordType } from '../fields/record-types.ts';
import { clocksOf, readArchive, readJson, serverStartMs } from './archive.ts';
import { cursorFrom } from './list-changes.ts';
import type { Reading } from './record-rows.ts';

/** The cursor of now, once it is known that the list of changes understands it. */
export async function startCursor(reading: Reading, recordType: RecordType): Promise<string> {
  const { session, runtime } = reading;
  const { answer } = await readJson(session, runtime, { method: 'GET', path: 'User/currentPrincipal' });
  const cursor = cursorFrom(serverStartMs(answer), clocksOf(answer, runtime));
  await checkFilter(reading, recordType);
  return cursor;
}

/**
 * Whether the filter takes a time as it is meant, tried on one record whose stamp is known: a server that takes it for
 * another zone's would leave out hours of changes.
 */
async function checkFilter({ session, runtime }: Reading, { table }: RecordType): Promise<void> {
  const id = `${table}.${table}_id`;
  const stamp = `${table}.updated`;
  const some = { provider: 'dynamic', select: [id, stamp], orderBy: id, top: 1 };
  const [row] = (await readArchive(session, runtime, { ...some, filter: `${id} gt 0` })).rows;
  const stampMs = instantMs(row?.[stamp]);
  if (!row || typeof stampMs !== 'number') return;
  const filter = `${stamp} afterTime '${filterInstant(stampMs)}' and ${id} in (${Number(row[id])})`;
  const { rows } = await readArchive(session, runtime, { ...some, filter });
  if (rows.length > 0) return;
  throw new SyncError(
    'misconfigured',
    "The CRM takes the times of a filter for another zone's: changes would be missed.",
  );
}
