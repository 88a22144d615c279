/** The lists of this connector, each a table of Tryton, with what its items are shown by and their standard code. */
export interface TrytonList {
  readonly model: string;
  readonly text: 'name' | 'rec_name';
  readonly code?: 'code';
}

const lists: Readonly<Record<string, TrytonList>> = {
  country: { model: 'country.country', text: 'name', code: 'code' },
  // Categories of one name may stand below different ones: the whole path tells them apart.
  category: { model: 'party.category', text: 'rec_name' },
  paymentTerm: { model: 'account.invoice.payment_term', text: 'name' },
  language: { model: 'ir.lang', text: 'name', code: 'code' },
};

export function listOf(listName: string): TrytonList | undefined {
  return Object.hasOwn(lists, listName) ? lists[listName] : undefined;
}
