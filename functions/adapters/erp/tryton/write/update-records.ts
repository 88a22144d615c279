/**
 * A record is written only on the version it was planned on: read again just before, and guarded by Tryton itself with
 * `_timestamp` of every row. One call writes all or none, so a refused batch is halved until the record is alone.
 * What is refused for one record is refused twice over: a rule may be switched on at that moment, and a field that is refused
 * stays so until its value changes. Nothing is thrown once something may have been written. A crash leaves whole batches, never half a record.
 * Test: test/contract/tryton.test.ts.
 */
import { batches } from '../../../../core/batches.ts';
import { asSyncError, type ErrorKind, SyncError } from '../../../../core/errors.ts';
import type { RecordAccess, RecordWrite, WriteAnswer } from '../../../../ports/record-system.ts';
import { type ReadByKeys, readByKeys, valuesOf } from '../read/read-records.ts';
import { type Composition, type RecordTable, refuse, type TrytonRecord } from '../read/record.ts';
import { provenOwn, timestampsOf, versionOf } from '../read/version.ts';
import type { ModelAccess, Models, WritePair } from '../wire/models.ts';
import { lostRight } from './lost-right.ts';
import type { NoItem } from './missing-items.ts';

/** Records per write call: 50 parties with nested rows take about a second. */
export const recordsPerWrite = 50;

interface Prepared {
  readonly write: RecordWrite;
  readonly before: TrytonRecord;
  readonly composition: Composition;
}

type Attempt = { readonly prepared: Prepared; readonly error?: SyncError };

/**
 * Failures that one record's content can cause; its neighbours may still be written. `forbidden`: something in front of
 * Tryton does not let a text through.
 */
const ofOneRecord: ReadonlySet<ErrorKind> = new Set(['rejected', 'stale', 'defect', 'too-large', 'forbidden']);

interface Writing {
  readonly models: Models;
  readonly table: RecordTable;
  /** Asked once, when something was refused. */
  readonly lost: (write: RecordWrite, rowRights: Composition['rowRights']) => Promise<SyncError | undefined>;
}

/** What a refused batch comes to: a lost right is told once for all it concerns, the others are tried without those. */
async function withoutLost(writing: Writing, batch: readonly Prepared[]): Promise<Attempt[] | undefined> {
  const attempts = await Promise.all(
    batch.map(
      async (prepared): Promise<Attempt> => ({
        prepared,
        error: await writing.lost(prepared.write, prepared.composition.rowRights),
      }),
    ),
  );
  const others = attempts.filter(({ error }) => error === undefined);
  if (others.length === batch.length) return undefined;
  const written = await writeOrHalve(
    writing,
    others.map(({ prepared }) => prepared),
  );
  return [...attempts.filter(({ error }) => error !== undefined), ...written];
}

async function writeOrHalve(writing: Writing, batch: readonly Prepared[], isSure = false): Promise<Attempt[]> {
  if (batch.length === 0) return [];
  const { models, table } = writing;
  const pairs = batch.map(({ before, composition }): WritePair => [[before.id], composition.values]);
  try {
    await models.write(table.model, pairs, timestampsOf(batch.flatMap(({ before }) => before.rows)));
    return batch.map((prepared) => ({ prepared }));
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.kind === 'rejected' && batch.length === 1 && !isSure) return writeOrHalve(writing, batch, true);
    const spared = error.kind === 'rejected' ? await withoutLost(writing, batch) : undefined;
    if (spared !== undefined) return spared;
    if (batch.length === 1 || !ofOneRecord.has(error.kind)) return batch.map((prepared) => ({ prepared, error }));
    const middle = Math.ceil(batch.length / 2);
    const first = await writeOrHalve(writing, batch.slice(0, middle));
    return [...first, ...(await writeOrHalve(writing, batch.slice(middle)))];
  }
}

function rejection(error: SyncError, field = error.faults[0]?.path): WriteAnswer {
  return { outcome: 'rejected', field, explanation: error.explanation };
}

export interface UpdateDeps {
  readonly type: string;
  readonly access: () => Promise<RecordAccess>;
  /** Our user's rights on the tables of a record's rows. */
  readonly rowAccess: () => Promise<Readonly<Record<string, ModelAccess>>>;
  readonly models: Models;
  readonly table: RecordTable;
  /** The user of this connection, where nobody else signs in as it. */
  readonly ownUserId: number | undefined;
  readonly noItem: NoItem;
  /** Fields of the type that are only read. */
  readonly readOnly: readonly string[];
}

/** What to write, or the answer where nothing is to be written. */
function prepare(
  { readOnly, noItem }: UpdateDeps,
  { write, read, fields }: { write: RecordWrite; read: ReadByKeys; fields: readonly string[] },
): Prepared | WriteAnswer {
  const before = read.found.get(write.key);
  const unread = read.failed.get(write.key);
  if (unread !== undefined) return { outcome: 'failed', error: unread };
  if (before === undefined) return { outcome: 'missing' };
  const version = versionOf(before.rows);
  if (version !== write.version) return { outcome: 'stale' };
  try {
    const refused = readOnly.find((field) => field in write.values);
    if (refused !== undefined) refuse(refused, 'Tryton does not let this field be changed.');
    const gone = Object.keys(write.values).find((field) => noItem(field, write.values[field]));
    if (gone !== undefined) refuse(gone, 'Tryton has no such item in the list any more.');
    const composition = before.compose(write.values, fields);
    if (Object.keys(composition.values).length > 0) return { write, before, composition };
    return { outcome: 'ok', version, stored: valuesOf(before, fields), name: before.name };
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.kind !== 'rejected') throw error;
    return rejection(error);
  }
}

/** A record rule lets others change the record, or a row of it, and not our user. */
function ruledOut(record: TrytonRecord, { explanation, cause }: SyncError): SyncError | undefined {
  if (record.rows.every(({ mayWrite }) => mayWrite)) return undefined;
  return new SyncError('forbidden', 'A record rule of Tryton keeps its user from the record.', { explanation, cause });
}

/** `after`: the records read again; undefined where that failed. */
function answerOf(
  { prepared, error }: Attempt,
  after: ReadByKeys | undefined,
  { fields, ownUserId }: { fields: readonly string[]; ownUserId: number | undefined },
): WriteAnswer {
  const { write, before, composition } = prepared;
  const now = after?.found.get(write.key);
  if (error?.kind === 'stale') return { outcome: 'stale' };
  if (error?.kind === 'rejected') {
    // Tryton also refuses to write a row that somebody removed meanwhile, in words of its own.
    if (after?.missing.includes(write.key)) return { outcome: 'missing' };
    if (now !== undefined && versionOf(now.rows) !== write.version) return { outcome: 'stale' };
    const barred = ruledOut(now ?? before, error);
    if (barred !== undefined) return { outcome: 'failed', error: barred };
    const [only, second] = Object.keys(write.values);
    return rejection(error, second === undefined ? only : undefined);
  }
  if (error !== undefined) return { outcome: 'failed', error };
  const proven =
    now !== undefined && ownUserId !== undefined && provenOwn(ownUserId, before.rows, now.rows, composition.removed);
  if (!proven) return { outcome: 'ok' };
  return { outcome: 'ok', version: versionOf(now.rows), stored: valuesOf(now, fields), name: now.name };
}

export async function updateRecords(
  deps: UpdateDeps,
  writes: readonly RecordWrite[],
  fields: readonly string[],
): Promise<WriteAnswer[]> {
  const { models, table, ownUserId } = deps;
  const read = await readByKeys(
    models,
    table,
    writes.map(({ key }) => key),
  );
  const plans = writes.map((write) => prepare(deps, { write, read, fields }));
  const prepared = plans.filter((plan) => 'write' in plan);
  const writing: Writing = { models, table, lost: lostRight(deps) };
  const attempts = new Map<RecordWrite, Attempt>();
  for (const batch of batches(prepared, recordsPerWrite)) {
    for (const attempt of await writeOrHalve(writing, batch)) {
      attempts.set(attempt.prepared.write, attempt);
    }
  }
  const keys = [...attempts.values()]
    .filter(({ error }) => error === undefined || error.kind === 'rejected')
    .map(({ prepared: { write } }) => write.key);
  const after = keys.length === 0 ? undefined : await readByKeys(models, table, keys).catch(() => undefined);
  return plans.map((plan) => {
    if (!('write' in plan)) return plan;
    const attempt = attempts.get(plan.write) ?? { prepared: plan };
    return answerOf(attempt, after, { fields, ownUserId });
  });
}
