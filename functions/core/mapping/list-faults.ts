import type { FieldFault } from '../errors.ts';
import type { ConnectionSetup } from '../model/connection-setup.ts';
import { type ItemPair, itemPairs } from './list-pairing.ts';
import { fieldToErp, type ListField, type ListsInUse, listsInUse } from './lists-in-use.ts';

/** A pair at `place` that has an item of the pair at `first` too. */
interface Duplicate {
  readonly place: number;
  readonly first: number;
  readonly of: keyof ItemPair;
}

/** `shared`: several ERP items may be one CRM item. */
function duplicates(pairs: readonly ItemPair[], shared: boolean): Duplicate[] {
  const sides = shared ? (['erpItem'] as const) : (['erpItem', 'crmItem'] as const);
  const firsts = { erpItem: new Map<string, number>(), crmItem: new Map<string, number>() };
  return pairs.flatMap((pair, place) => {
    const found = sides.flatMap((of): Duplicate[] => {
      const first = firsts[of].get(pair[of]);
      return first === undefined ? [] : [{ place, first, of }];
    });
    for (const of of sides) if (!firsts[of].has(pair[of])) firsts[of].set(pair[of], place);
    return found;
  });
}

function why({ erpField, actorType }: ListField): string {
  return `${erpField} of ${actorType} is written to the ERP, where a CRM item can be one item only`;
}

/** Items that are mapped twice, each naming the other place. `at`: the path of the pairs. */
export function duplicateFaults(lists: ListsInUse, pairs: readonly ItemPair[], at: string): FieldFault[] {
  const toErp = fieldToErp(lists);
  return duplicates(pairs, toErp === undefined).map(({ place, first, of }) => {
    const because = of === 'crmItem' && toErp ? `, and ${why(toErp)}` : '';
    return { path: `${at}[${place}].${of}`, message: `Is mapped in pairs[${first}] too${because}` };
  });
}

/** Every reason why the lists of an activation's mapped fields are not mapped as their directions need it. */
export function listFaults(setup: ConnectionSetup): FieldFault[] {
  const active = setup.actorTypes.filter((type) => type.active);
  return listsInUse(setup, active).flatMap((lists): FieldFault[] => {
    const { erpList, crmList, pairing, fields } = lists;
    const path = `lists.${erpList}`;
    if (!pairing) {
      const names = fields.map(({ actorType, erpField }) => `${erpField} of ${actorType}`).join(', ');
      return [{ path, message: `Its items are not mapped to those of the CRM's list ${crmList}, as ${names} needs` }];
    }
    const toErp = fieldToErp(lists);
    if (!toErp) return [];
    const pairs = itemPairs(pairing.pairs);
    return duplicates(pairs, false).map(({ place, first }) => ({
      path: `${path}.${pairs[place]?.erpItem}`,
      message: `Is mapped to the same CRM item as ${pairs[first]?.erpItem}, and ${why(toErp)}`,
    }));
  });
}
