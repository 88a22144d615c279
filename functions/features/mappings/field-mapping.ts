import { changesBetween } from '../../core/audit/changes-between.ts';
import { actorTypeState, mappingState } from '../../core/audit/set-up-states.ts';
import { type FieldFault, SyncError } from '../../core/errors.ts';
import { actorTypeOf } from '../../core/mapping/mapped-fields.ts';
import type { ActorTypeMapping } from '../../core/mapping/mapping.ts';
import { mappingFaults } from '../../core/mapping/mapping-faults.ts';
import { filterFaults } from '../../core/mapping/record-filter.ts';
import { directionsOf } from '../../core/mapping/type-rules.ts';
import type { ActorType } from '../../core/model/actor-type.ts';
import type { Connection } from '../../core/model/connection.ts';
import { type ActorTypeSetup, type ConnectionSetup, setAsideView } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import type { MappingVersion } from '../../core/model/mapping-version.ts';
import { bytesOf } from '../../core/values/bytes-of.ts';
import type { ActorTypeRef } from '../actors/search-actors.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOf, whoOf } from '../audit/trail-of.ts';
import { changedAtOnce, changedMeanwhile, expectRevision, type IfMatch } from '../expect-revision.ts';
import { found } from '../found.ts';
import { liveSetup } from '../systems/live-setup.ts';

function typeOf(setup: ConnectionSetup, actorType: ActorType): ActorTypeSetup {
  return found(
    actorTypeOf(setup, actorType),
    'actor type',
    actorType,
    setup.actorTypes.map((type) => type.actorType),
  );
}

/** For one ERP field: the CRM fields it can be mapped to, in which directions, and why in no others. */
function optionsOf(erp: FieldMetadata, crmFields: readonly FieldMetadata[]) {
  const options = crmFields.map((crm) => ({ crmField: crm.key, crmLabel: crm.label, ...directionsOf(erp, crm) }));
  return { erpField: erp.key, label: erp.label, access: erp.access, missing: erp.missing, crmFields: options };
}

export interface MappingView extends Omit<ActorTypeSetup, 'suspended'> {
  readonly suspended: ReturnType<typeof setAsideView>;
  readonly options: ReturnType<typeof optionsOf>[];
}

function viewOf(type: ActorTypeSetup): MappingView {
  return {
    ...type,
    suspended: setAsideView(type),
    options: type.erpFields.map((field) => optionsOf(field, type.crmFields)),
  };
}

export async function readMapping(
  app: Application,
  tenantId: string,
  connectionId: string,
  actorType: ActorType,
): Promise<MappingView> {
  return viewOf(typeOf(await liveSetup(app, tenantId, connectionId), actorType));
}

function refuseUnlessInactive({ state }: Connection): void {
  if (state === 'inactive') return;
  throw new SyncError('conflict', 'A mapping can be changed only while the connection is inactive.');
}

/** Stored whole in one item, and in its version. */
const mostBytes = 50_000;

function sizeFaults(mapping: ActorTypeMapping): FieldFault[] {
  const bytes = bytesOf(JSON.stringify(mapping));
  if (bytes <= mostBytes) return [];
  return [{ path: 'fields', message: `The mapping has ${bytes} bytes; at most ${mostBytes}: shorten its tables` }];
}

/** Only while the connection is inactive, also where it is activated meanwhile; every fault of the mapping is named. */
export async function saveMapping(
  app: Application,
  ref: Omit<ActorTypeRef, 'tenantId'> & {
    readonly caller: Caller;
    readonly ifMatch: IfMatch;
    readonly restores?: number;
  },
  mapping: ActorTypeMapping,
): Promise<MappingView> {
  const { caller, connectionId, actorType, ifMatch } = ref;
  const { tenantId } = caller;
  const setup = await liveSetup(app, tenantId, connectionId);
  const type = typeOf(setup, actorType);
  refuseUnlessInactive(setup.connection);
  expectRevision(type.revision, ifMatch);
  const faults = [
    ...mappingFaults(type, mapping.fields),
    ...filterFaults(type, mapping.filter),
    ...sizeFaults(mapping),
  ];
  if (faults.length > 0) throw new SyncError('rejected', 'The mapping has faults; each is listed.', { faults });
  const mapped = new Set(mapping.fields.map((row) => row.erpField));
  const erpFields = type.erpFields.filter((field) => !field.missing || mapped.has(field.key));
  const { active, fields, filter } = mapping;
  const number = (type.mappingVersion ?? 0) + 1;
  const changed = { ...type, active, fields, filter, erpFields, mappingVersion: number };
  const trail = trailOf(app.runtime, caller, {
    act: 'mapping.change',
    subject: { kind: 'connection', id: connectionId, name: setup.connection.name },
    before: actorTypeState(type),
    after: actorTypeState(changed),
    depth: 3,
  });
  const version: MappingVersion = {
    ...{ tenantId, connectionId, actorType, number, active, fields, filter },
    at: app.runtime.now(),
    by: whoOf(caller).by,
    changed: changesBetween(mappingState(type), mappingState(changed)).map(({ path }) => path),
    restores: ref.restores,
  };
  const saved = await app.connections.replaceActorType(changed, 'inactive', { trail, version });
  if (saved) return viewOf(saved);
  refuseUnlessInactive(found(await app.connections.get(tenantId, connectionId), 'connection', connectionId));
  throw ifMatch === 'any' ? changedAtOnce('mapping') : changedMeanwhile();
}
