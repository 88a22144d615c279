/**
 * The table in memory with as little work of its own as can be: what is put is handed out again as it is, never copied or
 * checked, so that the engine is measured and not its double. What DynamoDB would refuse is the memory table's business.
 */
import { conditionHolds } from '../functions/adapters/memory/memory-writes.ts';
import type { Attribute, Item, Key, QueryRequest, Table, Write, WriteResult } from '../functions/ports/table.ts';

type IndexName = 'gsi1' | 'gsi2' | 'gsi3';

interface Index {
  readonly name: IndexName;
  /** Its key attributes. */
  readonly pk: string;
  readonly sk: string;
  readonly partitions: Partitions;
}

function indexOf(name: IndexName): Index {
  return { name, pk: `${name}pk`, sk: `${name}sk`, partitions: new Map() };
}
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
  const indexes = [indexOf('gsi1'), indexOf('gsi2'), indexOf('gsi3')];

  const find = ({ pk, sk }: Key): Item | undefined => base.get(pk)?.entries.get(sk)?.item;

  const replace = (key: Key, before: Item | undefined, after: Item | undefined): void => {
    put(base, key, key.sk, after);
    for (const index of indexes) {
      const [old, now] = [placeIn(index, before), placeIn(index, after)];
      if (!old && !now) continue;
      const id = `${key.pk}\n${key.sk}`;
      if (old && (old.pk !== now?.pk || old.sk !== now.sk)) put(index.partitions, old, id, undefined);
      if (now) put(index.partitions, now, id, after);
    }
  };

  /** Whatever its condition is: that was seen to hold of the item before. */
  const make = (write: Write, before: Item | undefined): Item | undefined => {
    const after = itemAfter(write, before);
    replace(keyOf(write), before, after);
    return after;
  };

  const writeOne = (write: Write): WriteResult => {
    const before = find(keyOf(write));
    if (!conditionHolds(write.when, before)) return { ok: false };
    const after = make(write, before);
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
      const partition = (index ? indexes.find(({ name }) => name === index)?.partitions : base)?.get(pk);
      return partition ? pageOf(partition, request) : { items: [] };
    },
    putMany: async (items) => {
      for (const item of items) writeOne({ put: item });
    },
    deleteMany: async (keys) => {
      for (const key of keys) writeOne({ delete: key });
    },
    write: async (write) => writeOne(write),
    transact: async (writes) => {
      const before = writes.map((write) => find(keyOf(write)));
      const failed = writes.flatMap((write, at) => (conditionHolds(write.when, before[at]) ? [] : [at]));
      if (failed.length > 0) return { ok: false, failed };
      for (const [at, write] of writes.entries()) make(write, before[at]);
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
  const { update, set, remove, add, addMembers, dropMembers } = write;
  const after: Record<string, Attribute | undefined> & Key = { ...before, ...set, pk: update.pk, sk: update.sk };
  for (const name of remove ?? []) delete after[name];
  for (const name in add) after[name] = Number(before?.[name] ?? 0) + (add[name] ?? 0);
  for (const name in addMembers) {
    after[name] = new Set([...membersOf(before, name), ...(addMembers[name] ?? [])]);
  }
  for (const name in dropMembers) {
    after[name] = new Set([...membersOf(before, name)].filter((member) => !dropMembers[name]?.includes(member)));
  }
  return withoutEmptySets(after);
}

function membersOf(item: Item | undefined, name: string): Set<string> {
  const value = item?.[name];
  return value instanceof Set ? value : new Set();
}

function withoutEmptySets(item: Item): Item {
  const isEmpty = (name: string) => {
    const value = item[name];
    return value instanceof Set && value.size === 0;
  };
  const empty = Object.keys(item).filter(isEmpty);
  if (empty.length === 0) return item;
  const kept: Record<string, Attribute | undefined> & Key = { ...item };
  for (const name of empty) delete kept[name];
  return kept;
}

function placeIn(index: Index, item: Item | undefined): Key | undefined {
  if (!item) return undefined;
  const [pk, sk] = [item[index.pk], item[index.sk]];
  return typeof pk === 'string' && typeof sk === 'string' ? { pk, sk } : undefined;
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'delete' in write ? write.delete : write.update;
}
