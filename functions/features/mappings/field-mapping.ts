import { type FieldFault, SyncError } from '../../core/errors.ts';
import type { ActorTypeMapping } from '../../core/mapping/mapping.ts';
import { mappingFaults } from '../../core/mapping/mapping-faults.ts';
import { filterFaults } from '../../core/mapping/record-filter.ts';
import { directionsOf } from '../../core/mapping/type-rules.ts';
import type { ActorType } from '../../core/model/actor-type.ts';
import { type ActorTypeSetup, setAsideView } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import { bytesOf } from '../../core/values/bytes-of.ts';
import type { Application } from '../application.ts';
import { liveSetup } from '../systems/live-setup.ts';
import { type ActorTypeChange, changeActorType, typeOf } from './change-actor-type.ts';

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

/** Stored whole in one item, and in its version. */
const mostBytes = 50_000;

function sizeFaults(mapping: ActorTypeMapping): FieldFault[] {
  const bytes = bytesOf(JSON.stringify(mapping));
  if (bytes <= mostBytes) return [];
  return [{ path: 'fields', message: `The mapping has ${bytes} bytes; at most ${mostBytes}: shorten its tables` }];
}

/** Every fault of a mapping that is to be saved, or tried. */
export function faultsOfMapping(type: ActorTypeSetup, mapping: ActorTypeMapping): FieldFault[] {
  const { fields, filter } = mapping;
  return [...mappingFaults(type, fields), ...filterFaults(type, filter), ...sizeFaults(mapping)];
}

/** SyncError `rejected` with them. */
export function refuseFaulty(type: ActorTypeSetup, mapping: ActorTypeMapping): void {
  const faults = faultsOfMapping(type, mapping);
  if (faults.length > 0) throw new SyncError('rejected', 'The mapping has faults; each is listed.', { faults });
}

/** The type with another mapping, as its next version. */
export function mappedAs(type: ActorTypeSetup, { active, fields, filter }: ActorTypeMapping): ActorTypeSetup {
  const used = new Set([...fields, ...(type.defaults ?? [])].map(({ erpField }) => erpField));
  const erpFields = type.erpFields.filter((field) => !field.missing || used.has(field.key));
  return { ...type, active, fields: [...fields], filter, erpFields, mappingVersion: (type.mappingVersion ?? 0) + 1 };
}

/** Only while the connection is inactive; every fault of the mapping is named. */
export async function saveMapping(
  app: Application,
  { restores, ...ref }: ActorTypeChange & { readonly restores?: number },
  mapping: ActorTypeMapping,
): Promise<MappingView> {
  const saved = await changeActorType(app, ref, {
    what: 'A mapping',
    act: 'mapping.change',
    version: { restores },
    change: (type) => {
      refuseFaulty(type, mapping);
      return mappedAs(type, mapping);
    },
  });
  return viewOf(saved);
}
