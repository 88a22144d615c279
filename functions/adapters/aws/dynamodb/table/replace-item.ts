import type { Key, Table, Write } from '../../../../ports/table.ts';
import { attributesOf, storedItem } from './stored-item.ts';

/**
 * Replaces a configuration object on condition of the revision read; as stored (revision + 1), or nothing if somebody
 * wrote it since. Attributes named in `keep` belong to others and are left as they are; `along` is written with it.
 *
 * Always true: of those who read one revision, one replaces it. A crash leaves the old object or the new one. It is a
 * transaction though it is one write: a repeat after a lost answer would be told of its own replacement. Attacked by
 * test/contract/stores-set-up-suite.ts.
 */
export async function replaceItem<T extends { readonly revision: number }>(
  table: Table,
  { along = [], ...where }: Replaced & { readonly along?: readonly Write[] },
  value: T,
): Promise<T | undefined> {
  const { write, after } = replacing(where, value);
  const { ok } = await table.transact([write, ...along]);
  return ok ? after : undefined;
}

interface Replaced {
  readonly type: string;
  readonly key: Key;
  readonly keep?: readonly string[];
}

/** The write of a replacement, to be part of a larger transaction, and what it leaves. */
export function replacing<T extends { readonly revision: number }>(
  { type, key, keep = [] }: Replaced,
  value: T,
): { readonly write: Write; readonly after: T } {
  const after = { ...value, revision: value.revision + 1 };
  const when = { equals: { revision: value.revision } };
  const item = storedItem({ type, key }, after);
  if (keep.length === 0) return { write: { put: item, when }, after };
  const ours = Object.entries(after).filter(([name]) => !keep.includes(name));
  const set = attributesOf(Object.fromEntries(ours));
  const remove = ours.flatMap(([name, part]) => (part === undefined ? [name] : []));
  return { write: { update: key, set, remove, when }, after };
}
