import type { ActorType } from '../model/actor-type.ts';
import type { ActorTypeSetup, ConnectionSetup, ListPairing } from '../model/connection-setup.ts';
import { areSameLists } from './list-pairing.ts';
import { type Direction, isMapped } from './mapping.ts';
import { writesSide } from './writes-side.ts';

/** A mapped field whose values are items of a list on both sides. */
export interface ListField {
  readonly actorType: ActorType;
  readonly erpField: string;
  readonly crmField: string;
  readonly direction: Direction;
}

/** Two lists that mapped fields join, and the pairs that were made of their items. */
export interface ListsInUse {
  readonly erpList: string;
  readonly crmList: string;
  readonly fields: readonly ListField[];
  readonly pairing: ListPairing | undefined;
}

function listFields({ actorType, fields, erpFields, crmFields }: ActorTypeSetup) {
  return fields.filter(isMapped).flatMap(({ erpField, crmField, direction }) => {
    const erp = erpFields.find(({ key }) => key === erpField);
    const crm = crmFields.find(({ key }) => key === crmField);
    if (erp?.type !== 'list' || crm?.type !== 'list' || !erp.listName || !crm.listName) return [];
    return [{ erpList: erp.listName, crmList: crm.listName, field: { actorType, erpField, crmField, direction } }];
  });
}

/** Every two lists that are to be mapped: none before a list field is. */
export function listsInUse(
  { listPairings }: Pick<ConnectionSetup, 'listPairings'>,
  types: readonly ActorTypeSetup[],
): ListsInUse[] {
  const byLists = Map.groupBy(types.flatMap(listFields), ({ erpList, crmList }) => JSON.stringify([erpList, crmList]));
  return [...byLists.values()].flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    const { erpList, crmList } = first;
    const pairing = listPairings.find((one) => areSameLists(one, first));
    return [{ erpList, crmList, fields: rows.map(({ field }) => field), pairing }];
  });
}

/** A field of these lists whose ERP side is written: then a CRM item has one answer only. */
export function fieldToErp({ fields }: ListsInUse): ListField | undefined {
  return fields.find(({ direction }) => writesSide(direction, 'erp'));
}
