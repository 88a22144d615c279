import type { KeysAnswered } from '../../../../ports/record-system.ts';
import type { RecordType } from '../fields/record-types.ts';
import { isPrimaryKey } from './read-records.ts';
import type { Reading } from './record-rows.ts';
import { rowsByKey } from './rows-by-key.ts';

/** Which records lists show, deleted and retired ones too. What our user may not see is not found: only a read tells why. */
export async function whichExist(
  { session, runtime }: Pick<Reading, 'session' | 'runtime'>,
  recordType: RecordType,
  keys: readonly string[],
): Promise<KeysAnswered> {
  const unique = [...new Set(keys)];
  const { key } = recordType.columns;
  const { rows, failed } = await rowsByKey(session, runtime, recordType, unique.filter(isPrimaryKey), {
    select: [key],
  });
  const found = new Set(rows.map((row) => String(row[key])));
  const refused = new Set([...failed.map((one) => one.key), ...unique.filter((one) => !isPrimaryKey(one))]);
  return {
    found: unique.filter((one) => found.has(one)),
    notFound: unique.filter((one) => !found.has(one) && !refused.has(one)),
    unanswered: unique.filter((one) => refused.has(one) && !found.has(one)),
  };
}
