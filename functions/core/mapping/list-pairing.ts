import type { ListItem } from '../model/field.ts';
import type { ListPairs } from './mapping.ts';

/** An ERP list and the CRM list that its items are paired with. */
interface TwoLists {
  readonly erpList: string;
  readonly crmList: string;
}

export function areSameLists(one: TwoLists, other: TwoLists): boolean {
  return one.erpList === other.erpList && one.crmList === other.crmList;
}

/** An ERP item and the CRM item that it is; as a person sends them. */
export interface ItemPair {
  readonly erpItem: string;
  readonly crmItem: string;
}

/** As they are stored. */
export function pairsByItem(pairs: readonly ItemPair[]): ListPairs {
  return Object.fromEntries(pairs.map(({ erpItem, crmItem }) => [erpItem, crmItem]));
}

/** The way back. */
export function itemPairs(pairs: ListPairs): ItemPair[] {
  return Object.entries(pairs).map(([erpItem, crmItem]) => ({ erpItem, crmItem }));
}

/** The list that is paired by itself, by ISO 3166-1 codes; both systems offer it under this name. */
export const countryList = 'country';

/** The longest key that somebody may name, of a record or of an item. */
export const longestKey = 200;

/** Pairs are kept by the ERP's keys, and nothing that reads such an object from a store takes this one for a key of it. */
export function isKeepable(erpItem: string): boolean {
  return erpItem !== '__proto__';
}

/** A file, or a person, could name it too. */
function isNameable({ key }: ListItem): boolean {
  return isKeepable(key) && key !== '' && key.length <= longestKey && !key.includes('\0') && key.isWellFormed();
}

/** ERP item key → CRM item key, for items with the same code; of several items of one code the first on either side. */
export function pairByCode(erpItems: readonly ListItem[], crmItems: readonly ListItem[]): ListPairs {
  const crmByCode = new Map<string, string>();
  for (const { code, key } of crmItems.filter(isNameable)) {
    const upper = code?.toUpperCase();
    if (upper && !crmByCode.has(upper)) crmByCode.set(upper, key);
  }
  return Object.fromEntries(
    erpItems.filter(isNameable).flatMap(({ code, key }) => {
      const upper = code?.toUpperCase() ?? '';
      const crmKey = crmByCode.get(upper);
      crmByCode.delete(upper);
      return crmKey === undefined ? [] : [[key, crmKey]];
    }),
  );
}

/** The pairs there are, and by code those of items that have none: what was paired stays, and what a person left out is left out. */
export function filledByCode(
  known: { readonly pairs: ListPairs; readonly leftOut?: readonly string[] | undefined } | undefined,
  erpItems: readonly ListItem[],
  crmItems: readonly ListItem[],
): ListPairs {
  const { pairs = {}, leftOut = [] } = known ?? {};
  const settled = new Set([...Object.keys(pairs), ...leftOut]);
  const taken = new Set(Object.values(pairs));
  const fresh = pairByCode(
    erpItems.filter(({ key }) => !settled.has(key)),
    crmItems.filter(({ key }) => !taken.has(key)),
  );
  return { ...pairs, ...fresh };
}

/** A pairing as far as its items are the same ones in another ERP: of the same key and text. */
export function sameItems<Pairing extends { readonly pairs: ListPairs; readonly leftOut?: string[] | undefined }>(
  pairing: Pairing,
  items: readonly ListItem[],
  others: readonly ListItem[],
): Pairing {
  const texts = new Map(others.map(({ key, text }) => [key, text]));
  const same = new Set(items.filter(({ key, text }) => texts.get(key) === text).map(({ key }) => key));
  return {
    ...pairing,
    pairs: Object.fromEntries(Object.entries(pairing.pairs).filter(([erpItem]) => same.has(erpItem))),
    leftOut: pairing.leftOut?.filter((erpItem) => same.has(erpItem)),
  };
}
