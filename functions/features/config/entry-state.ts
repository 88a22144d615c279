import { mappingState } from '../../core/audit/set-up-states.ts';
import { areSameLists, pairsByItem } from '../../core/mapping/list-pairing.ts';
import { ActorType } from '../../core/model/actor-type.ts';
import type { ListMappingInput } from '../mappings/save-list-mappings.ts';
import type { ActorTypeEntry, ConnectionEntry } from './config-file.ts';
import { inIdOrder, someFilter, withoutIdle } from './connection-entry.ts';

type State = Readonly<Record<string, unknown>>;

function typeState({ defaults = [], fieldOrder, filter, ...mapping }: ActorTypeEntry): State {
  const { mapping: fields, active } = mappingState(mapping);
  return {
    ...{ active, fields, fieldOrder },
    filter: someFilter(filter),
    defaults: Object.fromEntries(defaults.map((one) => [one.erpField, one])),
  };
}

function listsState(lists: readonly ListMappingInput[]): State {
  return Object.fromEntries(
    lists.map(({ erpList, crmList, pairs }) => [
      erpList === crmList ? erpList : `${erpList}~${crmList}`,
      pairsByItem(pairs),
    ]),
  );
}

/** What is compared of a connection: rows, default values and pairs by their keys, so that their order makes no difference. */
export function entryState(entry: ConnectionEntry): State {
  const { name: _name, scope, actorTypes, lists, ...settings } = entry;
  const types = Object.entries(actorTypes).flatMap(([type, one]) => (one ? [[type, typeState(one)]] : []));
  return { ...settings, scope: inIdOrder(scope), actorTypes: Object.fromEntries(types), lists: listsState(lists) };
}

/** The parts of one that another names. */
export function asFarAsNamed(entry: ConnectionEntry, by: ConnectionEntry): ConnectionEntry {
  const named = Object.entries(entry.actorTypes).flatMap(([type, one]) => {
    const other = by.actorTypes[ActorType.parse(type)];
    return one && other ? [[type, { ...one, fields: withoutIdle(one.fields, other.fields) }]] : [];
  });
  const lists = entry.lists.filter((one) => by.lists.some((other) => areSameLists(one, other)));
  return { ...entry, actorTypes: Object.fromEntries(named), lists };
}
