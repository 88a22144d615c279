import { severalItems } from '../../../../core/values/several-items.ts';
import type { Value } from '../../../../core/values/value.ts';
import { type Operation, refuse } from '../read/record.ts';
import type { PartyFieldSpec } from './field-spec.ts';
import type { PartyRow } from './party-row.ts';

/** What a party points to in lists: rows that are shared by many. */

/** Columns to be read for these fields. */
export function columnsOf(fields: readonly PartyFieldSpec[]): string[] {
  return fields.flatMap(({ source }) => {
    if (source.at === 'item') return [source.name];
    return source.at === 'category' ? ['categories.name'] : [];
  });
}

/** Ids of the categories that do not make a role, in ascending order. */
function ownCategories(party: PartyRow, roles: readonly string[]): number[] {
  const rows = party['categories.'] ?? [];
  return rows
    .filter(({ name }) => !roles.includes(name ?? ''))
    .map(({ id }) => id)
    .toSorted((one, other) => one - other);
}

/** Of several the ids together, which is no item of the list. */
export function categoryValue(party: PartyRow, roles: readonly string[]): Value {
  const ids = ownCategories(party, roles);
  return ids.length === 0 ? null : severalItems(ids);
}

export function itemValue(id: number | null | undefined): Value {
  return id === null || id === undefined ? null : String(id);
}

/** The id that a value means; SyncError `rejected` for one that no item can have. */
export function itemId(field: string, value: Value): number | null {
  if (value === null) return null;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) refuse(field, 'Tryton has no such item.');
  return Number(value);
}

/** Many-to-many rows are added and removed, never changed. */
type Relation = readonly ['add' | 'remove', readonly number[]];

/** The one category in the place of the other; those that make roles stay. */
export function composeCategory(
  party: PartyRow,
  { field, value, roles }: { readonly field: string; readonly value: Value; readonly roles: readonly string[] },
): (Operation | Relation)[] {
  const [present, ...others] = ownCategories(party, roles);
  if (others.length > 0) refuse(field, 'The party has several categories in Tryton: leave one, and it can be changed.');
  const wanted = itemId(field, value);
  return [
    ...(present === undefined ? [] : [['remove', [present]] as const]),
    ...(wanted === null ? [] : [['add', [wanted]] as const]),
  ];
}
