/**
 * The table in memory with as little work of its own as can be: what is put is handed out again as it is, never copied or
 * checked, so that the engine is measured and not its double. What DynamoDB would refuse is the memory table's business.
 */
import { conditionHolds } from '../functions/adapters/memory/memory-writes.ts';
import type { Attribute, Item, Key, QueryRequest, Table, Write, WriteResult } from '../functions/ports/table.ts';

type IndexName = 'gsi1' | 'gsi2' | 'gsi3';
const indexNames: readonly IndexName[] = ['gsi1', 'gsi2', 'gsi3'];
const largestPage = 1000;

interface Entry {
  readonly sk: string;
  /** What entries are ordered by: their sort key, then what tells them apart. */
  readonly order: string;
  readonly item: Item;
}

/** Of one partition; put in order when it is read. */
interface Partition {
  readonly entries: Map<string, Entry>;
  ordered: Entry[] | undefined;
}

type Partitions = Map<string, Partition>;

export function lightTable(): Table {
  const base: Partitions = new Map();
  const indexes: readonly (readonly [IndexName, Partitions])[] = indexNames.map((name) => [name, new Map()]);

  const find = ({ pk, sk }: Key): Item | undefined => base.get(pk)?.entries.get(sk)?.item;

  const replace = (key: Key, after: Item | undefined): void => {
    const before = find(key);
    put(base, key, key.sk, after);
    for (const [name, partitions] of indexes) {
      const [old, now] = [placeIn(name, before), placeIn(name, after)];
      const id = `${key.pk}\n${key.sk}`;
      if (old && (old.pk !== now?.pk || old.sk !== now.sk)) put(partitions, old, id, undefined);
      if (now) put(partitions, now, id, after);
    }
  };

  const writeOne = (write: Write): WriteResult => {
    const key = keyOf(write);
    const before = find(key);
    if (!conditionHolds(write.when, before)) return { ok: false };
    const after = itemAfter(write, before);
    replace(key, after);
    return 'update' in write && after ? { ok: true, item: after } : { ok: true };
  };

  return {
    get: async (key) => find(key),
    getMany: async (keys) => {
      const found = new Set<Item>();
      for (const key of keys) {
        const item = find(key);
        if (item) found.add(item);
      }
      return [...found];
    },
    query: async (request) => {
      const { pk, index } = request;
      const partition = (index ? indexes.find(([name]) => name === index)?.[1] : base)?.get(pk);
      return partition ? pageOf(partition, request) : { items: [] };
    },
    putMany: async (items) => {
      for (const item of items) writeOne({ put: item });
    },
    write: async (write) => writeOne(write),
    transact: async (writes) => {
      const failed = writes.flatMap((write, at) => (conditionHolds(write.when, find(keyOf(write))) ? [] : [at]));
      if (failed.length > 0) return { ok: false, failed };
      for (const write of writes) writeOne({ ...write, when: undefined });
      return { ok: true };
    },
  };
}

function put(partitions: Partitions, { pk, sk }: Key, id: string, item: Item | undefined): void {
  const partition = partitions.get(pk) ?? { entries: new Map<string, Entry>(), ordered: undefined };
  partitions.set(pk, partition);
  const old = partition.entries.get(id);
  if (!item) {
    if (partition.entries.delete(id)) partition.ordered = undefined;
    return;
  }
  const entry = { sk, order: `${sk}\u0000${id}`, item };
  partition.entries.set(id, entry);
  const at = partition.ordered && old?.order === entry.order ? firstNotBefore(partition.ordered, entry.order) : -1;
  // At the same place the order stands, and names the new item.
  if (partition.ordered && at >= 0) partition.ordered[at] = entry;
  else partition.ordered = undefined;
}

function pageOf(partition: Partition, { prefix = '', between, descending, start, index, limit }: QueryRequest) {
  partition.ordered ??= [...partition.entries.values()].sort((one, other) =>
    one.order < other.order ? -1 : Number(one.order > other.order),
  );
  const { ordered } = partition;
  let from = firstNotBefore(ordered, between?.[0] ?? prefix);
  let to = firstNotBefore(ordered, between ? `${between[1]}\u0001` : `${prefix}\uffff`);
  if (start !== undefined && descending) to = Math.min(to, firstNotBefore(ordered, start));
  else if (start !== undefined) from = Math.max(from, firstNotBefore(ordered, `${start}\u0000`));
  const size = Math.max(0, Math.min(limit ?? largestPage, largestPage, to - from));
  const entries = descending ? ordered.slice(to - size, to).reverse() : ordered.slice(from, from + size);
  const items = entries.map(({ item, sk }) => (index ? { pk: item.pk, sk: item.sk, [`${index}sk`]: sk } : item));
  return { items, next: size < to - from ? entries.at(-1)?.order : undefined };
}

/** Position of the first entry that is not before this. */
function firstNotBefore(ordered: readonly Entry[], order: string): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]?.order ?? '') < order) low = middle + 1;
    else high = middle;
  }
  return low;
}

function itemAfter(write: Write, before: Item | undefined): Item | undefined {
  if ('put' in write) return withoutEmptySets(write.put);
  if ('delete' in write) return undefined;
  const { set, remove = [], add = {}, addMembers = {}, dropMembers = {} } = write;
  const after: Record<string, Attribute | undefined> = { ...before, ...set };
  for (const name of remove) delete after[name];
  for (const [name, amount] of Object.entries(add)) after[name] = Number(before?.[name] ?? 0) + amount;
  for (const [name, members] of Object.entries(addMembers)) {
    after[name] = new Set([...membersOf(before, name), ...members]);
  }
  for (const [name, members] of Object.entries(dropMembers)) {
    after[name] = new Set([...membersOf(before, name)].filter((member) => !members.includes(member)));
  }
  return withoutEmptySets({ ...after, pk: write.update.pk, sk: write.update.sk });
}

function membersOf(item: Item | undefined, name: string): Set<string> {
  const value = item?.[name];
  return value instanceof Set ? value : new Set();
}

function withoutEmptySets(item: Item): Item {
  const hasEmpty = Object.values(item).some((value) => value instanceof Set && value.size === 0);
  if (!hasEmpty) return item;
  const kept = Object.entries(item).filter(([, value]) => !(value instanceof Set && value.size === 0));
  return { ...Object.fromEntries(kept), pk: item.pk, sk: item.sk };
}

function placeIn(index: IndexName, item: Item | undefined): Key | undefined {
  const [pk, sk] = [item?.[`${index}pk`], item?.[`${index}sk`]];
  return typeof pk === 'string' && typeof sk === 'string' ? { pk, sk } : undefined;
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'delete' in write ? write.delete : write.update;
}
