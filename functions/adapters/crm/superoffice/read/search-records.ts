import { asSyncError, SyncError } from '../../../../core/errors.ts';
import type { SearchPage, SearchRequest } from '../../../../ports/record-system.ts';
import type { RecordType } from '../fields/record-types.ts';
import { lostRight } from '../fields/rights.ts';
import { type ArchiveQuery, hasRowsBehind, quoted, readArchive } from './archive.ts';
import { fieldsOf } from './find-record-type.ts';
import { columnsOf, type Reading, recordsOf } from './record-rows.ts';

/** Live records whose name contains the text, by primary key; a page may hold fewer than asked for. */
export async function searchRecords(
  reading: Reading,
  recordType: RecordType,
  request: SearchRequest,
): Promise<SearchPage> {
  const { session, runtime } = reading;
  const fields = fieldsOf(recordType, request.fields);
  const { key, name } = recordType.columns;
  const text = request.text.trim();
  const named = text === '' ? '' : ` and ${name} contains ${quoted(text)}`;
  const queryBehind = (lastKey: string): ArchiveQuery => ({
    provider: recordType.provider,
    entities: recordType.entities,
    select: columnsOf(recordType, fields),
    filter: `${key} gt ${lastKey}${named}`,
    orderBy: key,
    top: request.limit,
  });
  const from = request.cursor ?? '0';
  if (!/^\d{1,16}$/.test(from)) throw new SyncError('invalid', 'The cursor of the search cannot be read.');
  const page = await readArchive(session, runtime, queryBehind(from)).catch((thrown: unknown) => {
    // Who searches may; it is the service's user who lacks the right.
    throw asSyncError(thrown).kind === 'forbidden'
      ? lostRight(recordType, `read ${recordType.entity} records`)
      : thrown;
  });
  const records = await recordsOf(reading, recordType, page.rows, fields);
  const lastKey = String(page.rows.at(-1)?.[key] ?? from);
  const more = await hasRowsBehind(session, runtime, page, request.limit, queryBehind(lastKey));
  return { records: records.filter(({ standing }) => !standing), cursor: more ? lastKey : undefined };
}
