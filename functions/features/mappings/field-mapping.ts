import { type FieldFault, SyncError } from '../../core/errors.ts';
import { noSuchItem } from '../../core/mapping/defaults.ts';
import { driftAfterSave } from '../../core/mapping/field-drift.ts';
import { fieldsInUse } from '../../core/mapping/fields-in-use.ts';
import { type ActorTypeMapping, isMapped } from '../../core/mapping/mapping.ts';
import { mappingFaults } from '../../core/mapping/mapping-faults.ts';
import { newlyNamed } from '../../core/mapping/named-items.ts';
import { filterFaults } from '../../core/mapping/record-filter.ts';
import { directionsOf } from '../../core/mapping/type-rules.ts';
import type { ActorTypeRef } from '../../core/model/actor-type.ts';
import { type ActorTypeSetup, setAsideView, type WholeActorType } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import { bytesOf } from '../../core/values/bytes-of.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Application } from '../application.ts';
import { liveType } from '../systems/live-setup.ts';
import { bothLists, type ReadList } from './both-lists.ts';
import { type ActorTypeChange, changeActorType } from './change-actor-type.ts';

/** For one ERP field: the CRM fields it can be mapped to, in which directions, and why in no others. */
function optionsOf(erp: FieldMetadata, crmFields: readonly FieldMetadata[]) {
  const options = crmFields.map((crm) => ({ crmField: crm.key, crmLabel: crm.label, ...directionsOf(erp, crm) }));
  return { erpField: erp.key, label: erp.label, access: erp.access, missing: erp.missing, crmFields: options };
}

/** What drifted of a field that a row names; or, without a row, that only the filter or a default does. */
function rowDriftOf({ fields, drift = [] }: ActorTypeSetup) {
  return drift.map((one) => {
    const row = fields.findIndex(
      (of) => isMapped(of) && (one.side === 'erp' ? of.erpField : of.crmField) === one.field,
    );
    return { ...one, row: row < 0 ? undefined : row };
  });
}

type Options = ReturnType<typeof optionsOf>;

/** Each ERP field goes with each CRM field: of two systems with hundreds of them all together would fit no answer. */
const mostOptionBytes = 3_000_000;

/** Options of the ERP field that is asked for, else of as many as fit: those of mapped fields before the others. */
function shownOptions({ erpFields, crmFields, fields }: WholeActorType, only: string | undefined) {
  const asked = only === undefined ? erpFields : erpFields.filter(({ key }) => key === only);
  const used = new Set(fields.map(({ erpField }) => erpField));
  const shown = new Map<string, Options>();
  let left = mostOptionBytes;
  for (const field of asked.toSorted((one, other) => Number(used.has(other.key)) - Number(used.has(one.key)))) {
    const options = optionsOf(field, crmFields);
    left -= bytesOf(JSON.stringify(options));
    if (left < 0 && shown.size > 0) break;
    shown.set(field.key, options);
  }
  return {
    options: asked.flatMap(({ key }) => shown.get(key) ?? []),
    optionsLeftOut: asked.length - shown.size || undefined,
  };
}

export interface MappingView extends Omit<ActorTypeSetup, 'suspended' | 'drift'>, ReturnType<typeof shownOptions> {
  readonly suspended: ReturnType<typeof setAsideView>;
  readonly drift: ReturnType<typeof rowDriftOf>;
}

function viewOf(type: WholeActorType, only?: string): MappingView {
  return { ...type, suspended: setAsideView(type), drift: rowDriftOf(type), ...shownOptions(type, only) };
}

/** `erpField`: whose options are asked for. */
export async function readMapping(
  app: Application,
  of: ActorTypeRef,
  erpField: string | undefined,
): Promise<MappingView> {
  const { type } = await liveType(app, of);
  return viewOf(type, erpField);
}

/** Stored whole in one item, and in its version. */
const mostBytes = 50_000;

/** Of what both systems say of its fields, which lies beside it. */
const mostDescribedBytes = 40_000;

function sizeFaults(type: WholeActorType, mapping: ActorTypeMapping): FieldFault[] {
  const bytes = bytesOf(JSON.stringify(mapping));
  const described = bytesOf(JSON.stringify(fieldsInUse({ ...type, ...mapping })));
  const tooLong = `The mapping has ${bytes} bytes; at most ${mostBytes}: shorten its tables`;
  const tooMuch = `What is known of its fields has ${described} bytes; at most ${mostDescribedBytes}: map fewer fields`;
  return [
    ...(bytes > mostBytes ? [{ path: 'fields', message: tooLong }] : []),
    ...(described > mostDescribedBytes ? [{ path: 'fields', message: tooMuch }] : []),
  ];
}

function formFaults(type: WholeActorType, mapping: ActorTypeMapping): FieldFault[] {
  const { fields, filter } = mapping;
  return [...mappingFaults(type, fields), ...filterFaults(type, filter), ...sizeFaults(type, mapping)];
}

/** Each list is read once, and only where something of the mapping is an item of one that was not before. */
async function faultsOfItems(
  type: WholeActorType,
  mapping: ActorTypeMapping,
  readList: ReadList,
): Promise<FieldFault[]> {
  const faults = newlyNamed(type, mapping, type).map(async ({ side, listName, item, path }) => {
    const isThere = (await readList(side, listName)).some(({ key }) => key === item);
    return isThere ? [] : [{ path, message: noSuchItem }];
  });
  return (await Promise.all(faults)).flat();
}

/** Every fault of a mapping that is to be saved, or tried; lists are asked for where all else is right. */
export async function faultsOfMapping(
  type: WholeActorType,
  mapping: ActorTypeMapping,
  readList: ReadList,
): Promise<FieldFault[]> {
  const faults = formFaults(type, mapping);
  return faults.length > 0 ? faults : faultsOfItems(type, mapping, readList);
}

/** SyncError `rejected` with them. */
export async function refuseFaulty(type: WholeActorType, mapping: ActorTypeMapping, readList: ReadList): Promise<void> {
  const faults = await faultsOfMapping(type, mapping, readList);
  if (faults.length > 0) throw new SyncError('rejected', 'The mapping has faults; each is listed.', { faults });
}

/** The type with another mapping, as its next version. */
export function mappedAs(type: WholeActorType, { active, fields, filter }: ActorTypeMapping): WholeActorType {
  const used = new Set([...fields, ...(type.defaults ?? [])].map(({ erpField }) => erpField));
  const erpFields = type.erpFields.filter((field) => !field.missing || used.has(field.key));
  const mappingVersion = (type.mappingVersion ?? 0) + 1;
  const mapped = { ...type, active, fields: [...fields], filter, erpFields, mappingVersion };
  return { ...mapped, drift: driftAfterSave(mapped) };
}

function mappingOf({ active, fields, filter }: WholeActorType): ActorTypeMapping {
  return { active, fields, filter };
}

/** Only while the connection is inactive, or as it is; every fault of the mapping is named. */
export async function saveMapping(
  app: Application,
  { restores, ...ref }: ActorTypeChange & { readonly restores?: number },
  mapping: ActorTypeMapping,
): Promise<MappingView> {
  const saved = await changeActorType(app, ref, {
    what: 'A mapping',
    act: 'mapping.change',
    version: { restores },
    // A save measures drift anew: where that would tell of less, it is one.
    stands: (type) =>
      restores === undefined && sameContent(mappingOf(type), mapping) && sameContent(driftAfterSave(type), type.drift),
    change: async (type, setup) => {
      await refuseFaulty(type, mapping, bothLists(app, setup, undefined));
      return mappedAs(type, mapping);
    },
  });
  return viewOf(saved);
}
