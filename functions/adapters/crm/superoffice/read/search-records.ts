import type { SearchPage, SearchRequest } from '../../../../ports/record-system.ts';
import { quoted, readArchive } from './archive.ts';
import { fieldsOf, recordTypeOf } from './find-record-type.ts';
import { columnsOf, type Reading, recordsOf } from './read-records.ts';

/** Records whose name contains the text, by primary key; a page may hold fewer than asked for, deleted ones left out. */
export async function searchRecords(reading: Reading, request: SearchRequest): Promise<SearchPage> {
  const recordType = recordTypeOf(request.type);
  const fields = fieldsOf(recordType, request.fields);
  const { key, searched } = recordType.columns;
  const text = request.text.trim();
  const named = text === '' ? '' : ` and ${searched} contains ${quoted(text)}`;
  const { rows } = await readArchive(reading.session, reading.runtime, {
    provider: recordType.provider,
    entities: recordType.entities,
    select: columnsOf(recordType, fields),
    filter: `${key} gt ${request.cursor ?? '0'}${named}`,
    orderBy: key,
    top: request.limit,
  });
  const ownName = rows.length > 0 ? await reading.ownName() : undefined;
  const records = recordsOf(rows, recordType, fields, ownName);
  const last = rows.at(-1);
  return { records, cursor: last && rows.length >= request.limit ? String(last[key]) : undefined };
}
