import { asSyncError, SyncError } from '../../../../core/errors.ts';
import { isBlank, sameValue } from '../../../../core/values/value.ts';
import type { RecordWrite, WriteAnswer } from '../../../../ports/record-system.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { httpDateMs } from '../../../http/retry-after.ts';
import {
  type Entity,
  hasSuccessor,
  isDayField,
  isEntity,
  nameIn,
  valueInEntity,
  valuesOfEntity,
} from '../fields/canonical.ts';
import { instantMs, versionMadeWithin } from '../fields/instants.ts';
import type { RecordField, RecordType } from '../fields/record-types.ts';
import { lostRight, rightsIn } from '../fields/rights.ts';
import { forbidden } from '../read/archive.ts';
import { entityPath, isDeletedEntity, readEntity } from '../read/read-entity.ts';
import { apiError, explanationOf, isNotFound, isPage, parseJson } from '../session/api-error.ts';
import type { ApiAnswer, Session } from '../session/session.ts';
import { jsonPatch } from './json-patch.ts';

export interface Writing {
  readonly session: Session;
  readonly runtime: Runtime;
}

interface OneOf {
  /** A write had to wait for its turn: no further record of the call is begun, for the worker's time is short. */
  halt(why: SyncError): void;
}

interface Fields {
  readonly written: readonly RecordField[];
  /** What must still hold what the plan saw: the fields written, and those that make one value with them. */
  readonly tested: readonly RecordField[];
  readonly answered: readonly RecordField[];
}

export function failed(error: SyncError): WriteAnswer {
  return { outcome: 'failed', error };
}

/**
 * One write: a fresh read, a comparison with the values that the plan saw, and one PATCH that tests every place it is
 * about to replace. So nothing that somebody else wrote meanwhile is overwritten. Where a day is asked for, both go
 * without a zone.
 */
export async function updateRecord(
  { session, runtime }: Writing,
  recordType: RecordType,
  write: RecordWrite,
  { written, tested, answered }: Fields,
  { halt }: OneOf,
): Promise<WriteAnswer> {
  const path = entityPath(recordType, write.key);
  const zoneFree = [...tested, ...answered].some(isDayField);
  let answer: ApiAnswer;
  try {
    const fresh = await readEntity(session, runtime, path, zoneFree);
    if (!fresh || isDeletedEntity(fresh)) return { outcome: 'missing' };
    const objection = objectionTo(fresh, recordType, write, { written, tested });
    if (objection) return objection;
    const headers = { 'Content-Type': 'application/json', ...unmodifiedSince(fresh) };
    const body = JSON.stringify(jsonPatch(fresh, { written, tested }, write.values));
    answer = await session.call({ method: 'PATCH', path, headers, body, zoneFree, ofRecords: true });
    if (answer.waitedTurn)
      halt(new SyncError('throttled', 'The CRM takes no more calls a second.', { retryAfterMs: 0 }));
  } catch (error) {
    const failure = asSyncError(error);
    if (failure.kind === 'missing' || failure.kind === 'rejected') return { outcome: failure.kind };
    return failed(failure);
  }
  return answer.status === 403
    ? failed(forbidden(answer, path))
    : writeAnswerOf(answer, recordType, answered, runtime.nowMs());
}

/** What a fresh read says against the write. */
function objectionTo(
  fresh: Entity,
  recordType: RecordType,
  { key, values, replaces }: RecordWrite,
  { written, tested }: Pick<Fields, 'written' | 'tested'>,
): WriteAnswer | undefined {
  if (tested.some((field) => !sameValue(valueInEntity(fresh, field), replaces[field.metadata.key]))) {
    return { outcome: 'stale' };
  }
  const rights = rightsIn(fresh, recordType);
  if (!rights.write)
    return failed(new SyncError('forbidden', `The CRM lets nobody of ours write ${entityPath(recordType, key)}.`));
  const closed = written.find((field) => rights.unwritable.includes(field.metadata.key));
  if (closed) {
    return failed(lostRight(recordType, `write ${closed.metadata.key} of ${recordType.entity} records`));
  }
  const promoting = written.find(
    (field) =>
      isBlank(values[field.metadata.key]) && !isBlank(valueInEntity(fresh, field)) && hasSuccessor(fresh, field),
  );
  return promoting && { outcome: 'rejected', field: promoting.metadata.key, explanation: promotes };
}

const promotes =
  'The record has further entries of this kind in the CRM: the next one would take the place of the one that is blanked. Remove it there.';

/** Besides the tests: to the second only. Left out where the stamp cannot be trusted (spec 3.1). */
function unmodifiedSince(entity: Entity): Record<string, string> {
  const ms = instantMs(entity.UpdatedDate);
  return typeof ms === 'number' ? { 'If-Unmodified-Since': new Date(ms).toUTCString() } : {};
}

/** A stamp without a zone is understood if the write itself left it. */
function versionIn(entity: Entity, { headers, tookMs }: ApiAnswer): string | undefined {
  const dateMs = httpDateMs(headers.date);
  if (dateMs === undefined) return undefined;
  return versionMadeWithin(entity.UpdatedDate, dateMs - tookMs - 1_000, dateMs + 1_000);
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
    const name = nameIn(json[recordType.nameProperty]);
    return { outcome: 'ok', version: versionIn(json, answer), stored: valuesOfEntity(json, answered), name };
  }
  if (answer.status < 400)
    return failed(new SyncError('unknown-outcome', "The CRM's answer to a write cannot be read."));
  if (isNotFound(answer)) return { outcome: 'missing' };
  if (answer.status === 409 || answer.status === 412) return { outcome: 'stale' };
  if ((answer.status === 400 || answer.status === 422) && !isPage(answer)) {
    return { outcome: 'rejected', explanation: explanationOf(answer) };
  }
  if (answer.status >= 500 || answer.status === 408) {
    const details = { explanation: explanationOf(answer) };
    return failed(new SyncError('unknown-outcome', `The CRM answered ${answer.status} to a write.`, details));
  }
  return failed(apiError(answer, `a write of ${recordType.entity}`, nowMs));
}
