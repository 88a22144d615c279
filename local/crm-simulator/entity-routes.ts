import { absorbEntity } from './absorb-entity.ts';
import { type ApiCall, headerOf } from './api-call.ts';
import { ApiError, badRequest, notFound } from './api-error.ts';
import { type Crm, companyName } from './crm.ts';
import { dateStyleOf } from './date-text.ts';
import { parseJson, type Reply } from './http.ts';
import { isJsonObject } from './json.ts';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { findRecord, type StoredRecord } from './records.ts';
import { type RenderContext, renderEntity, selectProperties } from './render-entity.ts';
import { conditionsFor, isForbidden, noAccess, rightsOf, visible } from './rights.ts';
import { saveRecord, softDelete } from './save-record.ts';
import { type RecordType, shapes } from './shapes.ts';
import { applyPendingEdits } from './user-edits.ts';

type EntityCall = { crm: Crm; call: ApiCall; type: RecordType; id: number; associateId: number };

/** `GET`, `PATCH` and `DELETE v1/{Contact|Person|Project}/{id}` (spec 3.2). */
export function entityReply(entityCall: EntityCall): Reply {
  const { method } = entityCall.call;
  const { crm, type, associateId } = entityCall;
  const isRefused = method !== 'GET' && crm.faults.readOnlyTypes.includes(type);
  if (isForbidden(conditionsFor(crm, associateId), entityCall) || isRefused) throw noAccess();
  if (method === 'GET') return { status: 200, json: shown(entityCall, liveRecord(entityCall, 'marked-too')) };
  if (method === 'PATCH') return { status: 200, json: shown(entityCall, patchRecord(entityCall)) };
  if (method === 'DELETE') {
    const record = liveRecord(entityCall);
    refuseIfModified(entityCall.call, record);
    softDelete(entityCall.crm, record, { via: 'api', by: entityCall.associateId });
    return { status: 204 };
  }
  throw new ApiError(405, 'SoMethodNotAllowedException', `${method} is not supported here.`);
}

/**
 * A soft-deleted company is still read, with its `Deleted` mark (spec 3.2). A deleted person answers 404 (assumed: its
 * entity has no such mark), a deleted project is gone.
 */
function liveRecord({ crm, type, id }: EntityCall, deletedCompanies?: 'marked-too'): StoredRecord {
  const record = findRecord(crm.database, type, id);
  const isGone = record?.deletedMs !== null && !(type === 'company' && deletedCompanies === 'marked-too');
  if (record === undefined || isGone) throw notFound(`${shapes[type].entity} ${id} was not found.`);
  return record;
}

function contextOf({ crm, call, type }: EntityCall): RenderContext {
  return {
    dates: dateStyleOf(headerOf(call, 'SO-TimeZone'), crm.faults),
    countries: crm.countries,
    companyName: (companyId) => companyName(crm, companyId),
    rights: rightsOf(crm.faults, type),
    customFields: crm.faults.customFields,
  };
}

function shown(entityCall: EntityCall, record: StoredRecord) {
  const select = entityCall.call.url.searchParams.get('$select') ?? undefined;
  return selectProperties(renderEntity(visible(entityCall.crm.faults, record), contextOf(entityCall)), select);
}

/** There is no ETag: the guard is a time, whole seconds, so a later edit in the same second passes (spec 3.2). */
function refuseIfModified(call: ApiCall, record: StoredRecord): void {
  const header = headerOf(call, 'If-Unmodified-Since');
  if (header === undefined) return;
  const sinceMs = Date.parse(header);
  if (Number.isNaN(sinceMs)) throw badRequest('If-Unmodified-Since is not an HTTP date.');
  if (record.updatedMs > sinceMs) {
    throw new ApiError(412, 'SoPreconditionFailedException', 'The record was changed since.');
  }
}

function patchRecord(entityCall: EntityCall): StoredRecord {
  const { crm, call, type, id, associateId } = entityCall;
  const body = parseJson(call.body);
  applyPendingEdits(crm, type, id);
  const record = liveRecord(entityCall);
  refuseIfModified(call, record);
  const context = contextOf(entityCall);
  const before = renderEntity(visible(crm.faults, record), context);
  if (!Array.isArray(body) && !isJsonObject(body)) throw badRequest('A patch is an array or an object.');
  const { entity, paths } = Array.isArray(body) ? applyJsonPatch(before, body) : applyMergePatch(before, body);
  const values = absorbEntity(record, before, entity, context);
  return saveRecord(crm, record, values, { via: 'api', by: associateId, paths });
}
