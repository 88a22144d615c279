import type { ListPairs } from './mapping.ts';

interface Looked {
  readonly crmOf: ReadonlyMap<string, string>;
  readonly erpOf: ReadonlyMap<string, string>;
}

/** Both ways of pairs, for as long as those are held: every value of a list is looked up, and lists have thousands of items. */
const known = new WeakMap<ListPairs, Looked>();

function looked(pairs: ListPairs): Looked {
  const before = known.get(pairs);
  if (before) return before;
  const all = Object.entries(pairs);
  const erpOf = new Map<string, string>();
  // Of several ERP items with one CRM item the first; only fields that the ERP is never written in have such pairs.
  for (const [erp, crm] of all) if (!erpOf.has(crm)) erpOf.set(crm, erp);
  const both = { crmOf: new Map(all), erpOf };
  known.set(pairs, both);
  return both;
}

export function crmItemOf(pairs: ListPairs | undefined, erpItem: string): string | undefined {
  return pairs && looked(pairs).crmOf.get(erpItem);
}

export function erpItemOf(pairs: ListPairs | undefined, crmItem: string): string | undefined {
  return pairs && looked(pairs).erpOf.get(crmItem);
}
