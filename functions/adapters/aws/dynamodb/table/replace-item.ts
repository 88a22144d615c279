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
  {
    type,
    key,
    keep = [],
    along = [],
  }: { readonly type: string; readonly key: Key; readonly keep?: readonly string[]; readonly along?: readonly Write[] },
  value: T,
): Promise<T | undefined> {
  const after = { ...value, revision: value.revision + 1 };
  const when = { equals: { revision: value.revision } };
  const item = storedItem({ type, key }, after);
  if (keep.length === 0) {
    const { ok } = await table.transact([{ put: item, when }, ...along]);
    return ok ? after : undefined;
  }
  const ours = Object.entries(after).filter(([name]) => !keep.includes(name));
  const set = attributesOf(Object.fromEntries(ours));
  const remove = ours.flatMap(([name, part]) => (part === undefined ? [name] : []));
  const { ok } = await table.transact([{ update: key, set, remove, when }, ...along]);
  return ok ? after : undefined;
}
