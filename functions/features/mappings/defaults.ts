import { type FieldFault, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import {
  defaultFaults,
  type FieldDefault,
  type ItemsOfLists,
  inRankOrder,
  offeredInOrder,
  orderFaults,
  takesDefault,
} from '../../core/mapping/defaults.ts';
import { driftInUse } from '../../core/mapping/field-drift.ts';
import type { ActorTypeRef } from '../../core/model/actor-type.ts';
import type { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import type { FieldMetadata, ListItem } from '../../core/model/field.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Application } from '../application.ts';
import { liveType } from '../systems/live-setup.ts';
import { bothLists } from './both-lists.ts';
import { type ActorTypeChange, changeActorType } from './change-actor-type.ts';

const listsAtOnce = 4;

type ReadErpList = (name: string) => Promise<readonly ListItem[]>;

export interface DefaultsView {
  readonly actorType: ActorTypeSetup['actorType'];
  readonly defaults: readonly FieldDefault[];
  /** Every field that a new actor can be given a value in, in rank order, and whether the ERP requires one. */
  readonly fields: readonly Pick<
    FieldMetadata,
    'key' | 'label' | 'type' | 'listName' | 'maxLength' | 'defaultValue' | 'access'
  >[];
  readonly revision: number;
}

function viewOf({ actorType, defaults = [], erpFields, fieldOrder, revision }: ActorTypeSetup): DefaultsView {
  const mandatory = new Set(erpFields.filter(({ access }) => access === 'mandatory').map(({ key }) => key));
  return {
    actorType,
    defaults: defaults.map((one) => ({ ...one, mandatory: one.mandatory || mandatory.has(one.erpField) })),
    fields: inRankOrder(erpFields, fieldOrder).filter(takesDefault),
    revision,
  };
}

export async function readDefaults(app: Application, of: ActorTypeRef): Promise<DefaultsView> {
  const { type } = await liveType(app, of);
  return viewOf(type);
}

/** Items of the lists that default values are of. */
async function itemsOf(
  { erpFields }: ActorTypeSetup,
  defaults: readonly FieldDefault[],
  readList: ReadErpList,
): Promise<ItemsOfLists> {
  const valued = new Set(defaults.filter(({ value }) => value !== undefined).map(({ erpField }) => erpField));
  const names = erpFields.flatMap(({ key, type, listName }) =>
    type === 'list' && listName && valued.has(key) ? [listName] : [],
  );
  return new Map(
    await inParallel([...new Set(names)], listsAtOnce, async (name) => [name, await readList(name)] as const),
  );
}

/** Every fault of default values; lists are asked for only where a value is an item of one. */
export async function faultsOfDefaults(
  type: ActorTypeSetup,
  defaults: readonly FieldDefault[],
  readList: ReadErpList,
): Promise<FieldFault[]> {
  return defaultFaults(type.erpFields, defaults, await itemsOf(type, defaults, readList));
}

/** Only while the connection is inactive; every fault is named. */
export async function saveDefaults(
  app: Application,
  ref: ActorTypeChange,
  defaults: readonly FieldDefault[],
): Promise<DefaultsView> {
  const saved = await changeActorType(app, ref, {
    what: 'Default values',
    act: 'defaults.change',
    stands: (type) => sameContent(viewOf(type).defaults, defaults),
    change: async (type, setup) => {
      const readList = bothLists(app, setup, undefined);
      const faults = await faultsOfDefaults(type, defaults, (name) => readList('erp', name));
      if (faults.length > 0)
        throw new SyncError('rejected', 'The default values have faults; each is listed.', { faults });
      const changed = { ...type, defaults: [...defaults] };
      return { ...changed, drift: driftInUse(changed) };
    },
  });
  return viewOf(saved);
}

export interface FieldOrderView {
  /** Keys of all fields that the ERP offers. */
  readonly erpFields: readonly string[];
  readonly revision: number;
}

function orderViewOf({ erpFields, fieldOrder, revision }: ActorTypeSetup): FieldOrderView {
  return { erpFields: offeredInOrder(erpFields, fieldOrder), revision };
}

export async function readFieldOrder(app: Application, of: ActorTypeRef): Promise<FieldOrderView> {
  const { type } = await liveType(app, of);
  return orderViewOf(type);
}

/** The order of the fields in the ERP tab; names every field that the ERP offers once. */
export async function saveFieldOrder(
  app: Application,
  ref: ActorTypeChange,
  erpFields: readonly string[],
): Promise<FieldOrderView> {
  const saved = await changeActorType(app, ref, {
    what: 'The order of fields',
    act: 'field-order.change',
    stands: (type) => sameContent(orderViewOf(type).erpFields, erpFields),
    change: (type) => {
      const faults = orderFaults(type.erpFields, erpFields);
      if (faults.length > 0)
        throw new SyncError('rejected', 'The order must name every field once; each fault is listed.', { faults });
      return { ...type, fieldOrder: [...erpFields] };
    },
  });
  return orderViewOf(saved);
}
