import { asSyncError, SyncError } from '../../../../core/errors.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import { sameValue } from '../../../../core/values/value.ts';
import type { RecordWrite, WriteAnswer } from '../../../../ports/record-system.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { type Entity, isEntity, valueInEntity, valuesOfEntity } from '../fields/canonical.ts';
import { instantMs, versionOf } from '../fields/instants.ts';
import type { RecordField, RecordType } from '../fields/record-types.ts';
import { readJson } from '../read/archive.ts';
import { fieldsOf, recordTypeOf } from '../read/find-record-type.ts';
import { apiError, explanationOf, isNotFound, parseJson } from '../session/api-error.ts';
import type { ApiAnswer, Session } from '../session/session.ts';
import { jsonPatch } from './json-patch.ts';

interface Writing {
  readonly session: Session;
  readonly runtime: Runtime;
}

const writesAtOnce = 4;
/** After one of these the next record would fare no better: it is not sent. */
const haltingKinds = ['throttled', 'unauthorised'];

/**
 * Writes each record by itself (spec 3.2): a fresh read, a comparison with the values that the plan saw, and one PATCH
 * that tests every place it is about to replace. So nothing that somebody else wrote meanwhile is overwritten.
 */
export async function updateRecords(
  writing: Writing,
  type: string,
  writes: readonly RecordWrite[],
  fieldKeys: readonly string[],
): Promise<WriteAnswer[]> {
  const recordType = recordTypeOf(type);
  const answered = fieldsOf(recordType, fieldKeys);
  const records = writes.map((write) => ({ write, written: fieldsOf(recordType, Object.keys(write.values)) }));
  await writing.session.ready();

  let halted: SyncError | undefined;
  return inParallel(records, writesAtOnce, async ({ write, written }) => {
    if (halted) return failed(halted);
    const outcome = await updateRecord(writing, recordType, write, { written, answered });
    if (outcome.outcome === 'failed' && haltingKinds.includes(outcome.error.kind)) halted = outcome.error;
    return outcome;
  });
}

interface Fields {
  readonly written: readonly RecordField[];
  readonly answered: readonly RecordField[];
}

function failed(error: SyncError): WriteAnswer {
  return { outcome: 'failed', error };
}

async function updateRecord(
  { session, runtime }: Writing,
  recordType: RecordType,
  write: RecordWrite,
  { written, answered }: Fields,
): Promise<WriteAnswer> {
  const path = `${recordType.entity}/${encodeURIComponent(write.key)}`;
  let answer: ApiAnswer;
  try {
    const fresh = await readEntity({ session, runtime }, path);
    if (!fresh) return { outcome: 'missing' };
    const moved = written.some((field) => !sameValue(valueInEntity(fresh, field), write.replaces[field.metadata.key]));
    if (moved) return { outcome: 'stale' };
    const headers = { 'Content-Type': 'application/json', ...unmodifiedSince(fresh) };
    const body = JSON.stringify(jsonPatch(fresh, written, write.values));
    answer = await session.call({ method: 'PATCH', path, headers, body });
  } catch (error) {
    const failure = asSyncError(error);
    if (failure.kind === 'missing' || failure.kind === 'rejected') return { outcome: failure.kind };
    return failed(failure);
  }
  return writeAnswerOf(answer, recordType, answered, runtime.nowMs());
}

/** Undefined if there is none, or only a soft-deleted one. */
async function readEntity({ session, runtime }: Writing, path: string): Promise<Entity | undefined> {
  const { json } = await readJson(session, runtime, { method: 'GET', path });
  if (!isEntity(json)) throw new SyncError('transient', `The CRM's answer to ${path} cannot be read.`);
  return json.Deleted === true || (typeof json.Deleted === 'number' && json.Deleted !== 0) ? undefined : json;
}

/** Besides the tests: to the second only. Left out where the stamp cannot be trusted (spec 3.1). */
function unmodifiedSince(entity: Entity): Record<string, string> {
  const ms = instantMs(entity.UpdatedDate);
  return typeof ms === 'number' ? { 'If-Unmodified-Since': new Date(ms).toUTCString() } : {};
}

/** A refusal of the content is the record's; whatever may still have been stored has an unknown outcome. */
function writeAnswerOf(
  answer: ApiAnswer,
  recordType: RecordType,
  answered: readonly RecordField[],
  nowMs: number,
): WriteAnswer {
  const json = parseJson(answer.text);
  if (answer.status === 200 && isEntity(json)) {
    return { outcome: 'ok', version: versionOf(json.UpdatedDate), stored: valuesOfEntity(json, answered) };
  }
  if (answer.status < 400)
    return failed(new SyncError('unknown-outcome', "The CRM's answer to a write cannot be read."));
  if (isNotFound(answer)) return { outcome: 'missing' };
  if (answer.status === 409 || answer.status === 412) return { outcome: 'stale' };
  if (answer.status === 400 || answer.status === 422) {
    return { outcome: 'rejected', explanation: explanationOf(answer) };
  }
  if (answer.status >= 500 || answer.status === 408) {
    const details = { explanation: explanationOf(answer) };
    return failed(new SyncError('unknown-outcome', `The CRM answered ${answer.status} to a write.`, details));
  }
  return failed(apiError(answer, `a write of ${recordType.entity}`, nowMs));
}
