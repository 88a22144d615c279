import type { ListItem } from '../model/field.ts';
import type { ListPairs } from './mapping.ts';

/** The one list that is mapped, by its ISO 3166-1 codes; both systems offer it under this name. */
export const countryList = 'country';

/** ERP item key → CRM item key, for items with the same code; of several CRM items with one code the first. */
export function pairByCode(erpItems: readonly ListItem[], crmItems: readonly ListItem[]): ListPairs {
  const crmByCode = new Map<string, string>();
  for (const { code, key } of crmItems) {
    const upper = code?.toUpperCase();
    if (upper && !crmByCode.has(upper)) crmByCode.set(upper, key);
  }
  return Object.fromEntries(
    erpItems.flatMap(({ code, key }) => {
      const crmKey = code && crmByCode.get(code.toUpperCase());
      return crmKey ? [[key, crmKey]] : [];
    }),
  );
}
