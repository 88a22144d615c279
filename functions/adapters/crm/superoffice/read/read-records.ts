import { asSyncError, SyncError } from '../../../../core/errors.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import type { FailedRead, RecordState } from '../../../../ports/record-system.ts';
import { isDayField, nameIn, valuesOfEntity } from '../fields/canonical.ts';
import { instantMs, versionOf } from '../fields/instants.ts';
import type { RecordField, RecordType } from '../fields/record-types.ts';
import { mergedAway } from './merges.ts';
import { entityPath, isDeletedEntity, readEntity } from './read-entity.ts';
import { columnsOf, type Reading, recordsOf } from './record-rows.ts';
import { rowsByKey } from './rows-by-key.ts';

const primaryKey = /^[1-9]\d{0,15}$/;
export const isPrimaryKey = (key: string) => primaryKey.test(key) && Number.isSafeInteger(Number(key));
/** No record can have such a key: none is missing. */
const notAKey = (key: string): FailedRead => ({
  key,
  error: new SyncError('rejected', 'The key is none that a record of the CRM can have.', {
    explanation: 'The CRM knows its records by whole numbers from 1 on; the key is no such number.',
  }),
});
const entitiesAtOnce = 4;
/** What concerns every record: thrown. */
const commonKinds = ['throttled', 'unauthorised'];

export interface RecordsRead {
  /** In the order of the keys. */
  readonly records: readonly RecordState[];
  readonly missing: readonly string[];
  readonly failed: readonly FailedRead[];
  /** Undefined if nothing had to be read. */
  readonly readAtMs: number | undefined;
}

/** The records that lists show; keys that they do not show are in none of the answer's parts. */
export async function listedRecords(
  reading: Reading,
  recordType: RecordType,
  keys: readonly string[],
  fields: readonly RecordField[],
): Promise<Omit<RecordsRead, 'missing'>> {
  const { session, runtime } = reading;
  const ids = [...new Set(keys)].filter(isPrimaryKey);
  const select = columnsOf(recordType, fields);
  const { rows, failed, readAtMs } = await rowsByKey(session, runtime, recordType, ids, { select });
  return { records: await recordsOf(reading, recordType, rows, fields), failed, readAtMs };
}

/**
 * Many records by key. Lists leave out what our user may not see, so a key that they do not show is asked for by itself:
 * only what the CRM calls unknown is missing, or merged if its log says so.
 */
export async function readRecords(
  reading: Reading,
  recordType: RecordType,
  keys: readonly string[],
  fields: readonly RecordField[],
): Promise<RecordsRead> {
  const wanted = [...new Set(keys)];
  const listed = await listedRecords(reading, recordType, wanted, fields);
  const byKey = new Map(listed.records.map((record) => [record.key, record]));
  const failed = [...listed.failed, ...wanted.filter((key) => !isPrimaryKey(key)).map(notAKey)];
  const troubled = new Set(failed.map(({ key }) => key));
  const unlisted = wanted.filter((key) => isPrimaryKey(key) && !byKey.has(key) && !troubled.has(key));

  const gone: string[] = [];
  await inParallel(unlisted, entitiesAtOnce, async (key) => {
    try {
      const record = await recordOfEntity(reading, recordType, key, fields);
      if (record) byKey.set(key, record);
      else gone.push(key);
    } catch (error) {
      const failure = asSyncError(error);
      if (commonKinds.includes(failure.kind)) throw failure;
      failed.push({ key, error: failure });
    }
  });
  if (gone.length > 0) {
    const merged = await mergedAway(reading.session, reading.runtime, recordType, fields, gone);
    for (const record of merged) byKey.set(record.key, record);
  }
  const refused = new Set(failed.map(({ key }) => key));
  return {
    records: wanted.flatMap((key) => byKey.get(key) ?? []),
    missing: wanted.filter((key) => !byKey.has(key) && !refused.has(key)),
    failed,
    readAtMs: listed.readAtMs,
  };
}

async function recordOfEntity(
  { session, runtime }: Reading,
  recordType: RecordType,
  key: string,
  fields: readonly RecordField[],
): Promise<RecordState | undefined> {
  const path = entityPath(recordType, key);
  const entity = await readEntity(session, runtime, path);
  const days = entity && fields.some(isDayField) ? await readEntity(session, runtime, path, true) : entity;
  if (!entity || !days) return undefined;
  return {
    key,
    version: versionOf(entity.UpdatedDate),
    values: {
      ...valuesOfEntity(entity, fields),
      ...valuesOfEntity(days, fields.filter(isDayField)),
    },
    name: nameIn(entity[recordType.nameProperty]),
    changedAtMs: instantMs(entity.UpdatedDate) ?? undefined,
    standing: isDeletedEntity(entity) || entity.Retired === true ? { kind: 'archived' } : undefined,
  };
}
