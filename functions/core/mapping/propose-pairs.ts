import type { ListItem } from '../model/field.ts';

/** The CRM item that an ERP item may be; a person takes it over, or not. */
export interface Proposal {
  readonly crmItem: string;
  readonly by: 'code' | 'text';
}

/** Case, accents and space at the ends aside. */
function plainText(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').trim().toLowerCase();
}

function byOne(items: readonly ListItem[], of: (item: ListItem) => string | undefined): Map<string, string> {
  const groups = Map.groupBy(items, (item) => of(item) ?? '');
  // Of several items that read alike none is proposed: a person sees which is meant.
  return new Map([...groups].flatMap(([text, [one, another]]) => (text && one && !another ? [[text, one.key]] : [])));
}

function codeOf({ code }: ListItem): string | undefined {
  return code?.toUpperCase();
}

/**
 * For each ERP item of `unmapped` the CRM item with the same standard code, else with the same text. `offered`: CRM items
 * that may be taken; each is proposed once.
 */
export function proposePairs(
  unmapped: readonly ListItem[],
  offered: readonly ListItem[],
): ReadonlyMap<string, Proposal> {
  const byCode = byOne(offered, codeOf);
  const byText = byOne(offered, ({ text }) => plainText(text));
  const proposals = new Map<string, Proposal>();
  const taken = new Set<string>();
  const propose = (item: ListItem, by: Proposal['by'], crmItem: string | undefined): void => {
    if (crmItem === undefined || taken.has(crmItem) || proposals.has(item.key)) return;
    taken.add(crmItem);
    proposals.set(item.key, { crmItem, by });
  };
  for (const item of unmapped) propose(item, 'code', byCode.get(codeOf(item) ?? ''));
  for (const item of unmapped) propose(item, 'text', byText.get(plainText(item.text)));
  return proposals;
}
