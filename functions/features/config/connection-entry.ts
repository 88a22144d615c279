import { autoMapping } from '../../core/mapping/auto-mapping.ts';
import { maskedConfig } from '../../core/mapping/config-values.ts';
import { offeredInOrder } from '../../core/mapping/defaults.ts';
import { itemPairs } from '../../core/mapping/list-pairing.ts';
import { listsInUse } from '../../core/mapping/lists-in-use.ts';
import type { ActorTypeMapping, FieldMapping } from '../../core/mapping/mapping.ts';
import type { ActorTypeSetup, ConnectionSetup, ListPairing } from '../../core/model/connection-setup.ts';
import { everyone, type Scope } from '../../core/model/scope.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { ListMappingInput } from '../mappings/save-list-mappings.ts';
import type { ActorTypeEntry, ConnectionEntry } from './config-file.ts';

function inTextOrder<T>(things: readonly T[], textOf: (thing: T) => string): T[] {
  return things.toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1));
}

/** What nobody has set anything of: it is made like this with its connection. */
function isUntouched(type: ActorTypeSetup): boolean {
  const { active, fields, filter, defaults = [], fieldOrder, crmType, erpFields, crmFields } = type;
  const isSet = active || filter !== undefined || defaults.length > 0 || fieldOrder !== undefined;
  return !isSet && sameContent(byField(fields), byField(autoMapping(crmType, erpFields, crmFields, [])));
}

export function byField(fields: readonly FieldMapping[]): FieldMapping[] {
  return inTextOrder(fields, ({ erpField, crmField }) => `${erpField}\n${crmField}`);
}

/** Rows that move and show nothing are proposed by themselves, at activation too: a file need not name them. */
export function withoutIdle(fields: readonly FieldMapping[], named: readonly FieldMapping[]): FieldMapping[] {
  const isNamed = (row: FieldMapping) =>
    named.some(({ erpField, crmField }) => erpField === row.erpField && crmField === row.crmField);
  const isIdle = ({ direction, showInSearch, showInErpTab }: FieldMapping) =>
    direction === 'none' && !showInSearch && !showInErpTab;
  return fields.filter((row) => !isIdle(row) || isNamed(row));
}

export function byErpField<T extends { readonly erpField: string }>(things: readonly T[]): T[] {
  return inTextOrder(things, ({ erpField }) => erpField);
}

/** The order that people gave, as it holds now; nothing where it is the ERP's own. */
export function orderOf(type: ActorTypeSetup): string[] | undefined {
  const { erpFields, fieldOrder } = type;
  const order = offeredInOrder(erpFields, fieldOrder);
  return fieldOrder && !sameContent(order, offeredInOrder(erpFields)) ? order : undefined;
}

/** One without restrictions is none. */
export function someFilter(filter: ActorTypeMapping['filter']): ActorTypeMapping['filter'] {
  return filter?.length ? filter : undefined;
}

export function actorTypeEntry(type: ActorTypeSetup): ActorTypeEntry {
  const { active, fields, filter, defaults = [] } = type;
  return {
    active,
    fields: byField(fields),
    filter: someFilter(filter),
    defaults: defaults.length > 0 ? byErpField(defaults) : undefined,
    fieldOrder: orderOf(type),
  };
}

function listEntries(listPairings: readonly ListPairing[]): ListMappingInput[] {
  const lists = listPairings.map(({ erpList, crmList, pairs }) => {
    return { erpList, crmList, pairs: inTextOrder(itemPairs(pairs), ({ erpItem }) => erpItem) };
  });
  return inTextOrder(lists, ({ erpList, crmList }) => `${erpList}\n${crmList}`);
}

/** What a file tells of a set-up: no types that nobody touched, and no pairs that no mapped field uses, which would be refused. */
export function toldOf(setup: ConnectionSetup): ConnectionSetup {
  return {
    ...setup,
    actorTypes: setup.actorTypes.filter((type) => !isUntouched(type)),
    listPairings: listsInUse(setup, setup.actorTypes).flatMap(({ pairing }) => pairing ?? []),
  };
}

export function inIdOrder(scope: Scope): Scope {
  return scope === everyone ? scope : { users: scope.users.toSorted(), groups: scope.groups.toSorted() };
}

/** A connection as a file says it, in an order that follows from its contents; secrets read as set. */
export function connectionEntry(setup: ConnectionSetup, connector: string): ConnectionEntry {
  const {
    name,
    description,
    scope = everyone,
    intervalMinutes,
    conflictPolicy,
    allowances,
    config,
    secretsSet,
  } = setup.connection;
  const types = inTextOrder(setup.actorTypes, ({ actorType }) => actorType);
  return {
    ...{ name, connector, description, scope: inIdOrder(scope), intervalMinutes, conflictPolicy },
    allowances: allowances && Object.keys(allowances).length > 0 ? allowances : undefined,
    config: maskedConfig(config, secretsSet),
    actorTypes: Object.fromEntries(types.map((type) => [type.actorType, actorTypeEntry(type)])),
    lists: listEntries(setup.listPairings),
  };
}
