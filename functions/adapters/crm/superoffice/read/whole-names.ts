import type { Values } from '../../../../core/values/value.ts';
import type { NameChange, WholeNames } from '../../../../ports/record-system.ts';
import type { RecordType } from '../fields/record-types.ts';
import { fieldsOf } from './find-record-type.ts';
import { readRecords } from './read-records.ts';
import type { Reading } from './record-rows.ts';

/** In the order in which they make a name. */
const parts = ['firstName', 'middleName', 'lastName'];

function joined(values: Values): string | null {
  const words = parts.map((part) => String(values[part] ?? '').trim()).filter((text) => text !== '');
  return words.length === 0 ? null : words.join(' ');
}

/** The name of each person from all its parts, those that are not mapped too. */
export async function wholeNames(
  reading: Reading,
  recordType: RecordType,
  changes: readonly NameChange[],
): Promise<WholeNames> {
  if (!recordType.fields.some(({ metadata }) => metadata.key === 'lastName')) return new Map();
  const keys = changes.map(({ key }) => key);
  const { records } = await readRecords(reading, recordType, keys, fieldsOf(recordType, parts));
  const byKey = new Map(records.map((record) => [record.key, record.values]));
  return new Map(
    changes.flatMap(({ key, values }) => {
      const now = byKey.get(key);
      return now ? [[key, { now: joined(now), after: joined({ ...now, ...values }) }] as const] : [];
    }),
  );
}
