import { SyncError } from '../../core/errors.ts';
import type { Item, Key, QueryRequest, Table, Write, WriteResult } from '../../ports/table.ts';
import {
  checkItem,
  checkKey,
  checkQuery,
  checkTransaction,
  checkTransactionBytes,
  checkWrite,
  largestPageBytes,
} from './dynamodb-limits.ts';
import { itemBytes } from './item-bytes.ts';
import { attributeCopy, conditionHolds, itemAfter } from './memory-writes.ts';

type IndexName = 'base' | 'gsi1' | 'gsi2' | 'gsi3';
const indexNames: readonly IndexName[] = ['base', 'gsi1', 'gsi2', 'gsi3'];

/** Partition key → item address → item. */
type Partitions = Map<string, Map<string, Item>>;

/**
 * The table in memory: same conditions, sets, sparse key-only indexes, pages and refusals as DynamoDB; each call is
 * atomic.
 */
export function memoryTable(options: { readonly pageSize?: number } = {}): Table {
  const { pageSize = 1000 } = options;
  const indexes = new Map<IndexName, Partitions>(indexNames.map((name) => [name, new Map()]));
  const tokens = new Map<string, string>();

  const find = (key: Key): Item | undefined => indexes.get('base')?.get(key.pk)?.get(address(key));

  const replace = (key: Key, item: Item | undefined): void => {
    const before = find(key);
    for (const [name, partitions] of indexes) {
      const old = before && positionIn(name, before);
      if (old) partitions.get(old.pk)?.delete(address(key));
      const position = item && positionIn(name, item);
      if (!position) continue;
      const partition = partitions.get(position.pk) ?? new Map<string, Item>();
      partitions.set(position.pk, partition.set(address(key), item));
    }
  };

  const planned = (write: Write) => {
    const before = find(keyOf(write));
    const after = itemAfter(write, before);
    if (after) checkItem(after);
    return { key: keyOf(write), before, after };
  };

  const writeOne = (write: Write): WriteResult => {
    checkWrite(write);
    if (!conditionHolds(write.when, find(keyOf(write)))) return { ok: false };
    const { key, after } = planned(write);
    replace(key, after);
    return 'update' in write && after ? { ok: true, item: attributeCopy(after) } : { ok: true };
  };

  return {
    async get(key) {
      checkKey(key);
      const item = find(key);
      return item && attributeCopy(item);
    },
    async getMany(keys) {
      keys.forEach(checkKey);
      const distinct = new Map(keys.map((key) => [address(key), key]));
      return [...distinct.values()].flatMap((key) => {
        const item = find(key);
        return item ? [attributeCopy(item)] : [];
      });
    },
    async query(request) {
      checkQuery(request);
      const index = request.index ?? 'base';
      const limit = Math.min(request.limit ?? pageSize, pageSize);
      const matches = [...(indexes.get(index)?.get(request.pk)?.values() ?? [])]
        .map((item) => ({ item, order: orderIn(index, item) }))
        .filter(({ order }) => inRange(order[0] ?? '', request))
        .sort((one, other) => compareOrders(one.order, other.order) * (request.descending ? -1 : 1));
      const start: string[] | undefined = request.start === undefined ? undefined : JSON.parse(request.start);
      const rest = start
        ? matches.filter(({ order }) => compareOrders(order, start) * (request.descending ? -1 : 1) > 0)
        : matches;
      const items: Item[] = [];
      let bytes = 0;
      for (const { item } of rest.slice(0, limit)) {
        const shown = index === 'base' ? attributeCopy(item) : keysIn(index, item);
        bytes += itemBytes(shown);
        if (bytes > largestPageBytes) break;
        items.push(shown);
      }
      // Like DynamoDB, a page that is just full names a next one even if that turns out to be empty.
      const isCut = items.length === limit || items.length < rest.length;
      const last = isCut ? rest[items.length - 1] : undefined;
      return { items, next: last && JSON.stringify(last.order) };
    },
    async putMany(items) {
      for (const item of items) checkWrite({ put: item });
      for (const item of items) writeOne({ put: item });
    },
    async deleteMany(keys) {
      keys.forEach(checkKey);
      for (const key of keys) writeOne({ delete: key });
    },
    async write(write) {
      return writeOne(write);
    },
    async transact(writes, token) {
      checkTransaction(writes);
      const addresses = new Set(writes.map((write) => address(keyOf(write))));
      if (addresses.size < writes.length) throw new SyncError('defect', 'Two writes of a transaction share a key.');
      const content = token === undefined ? '' : JSON.stringify(writes, setAsList);
      if (token !== undefined && tokens.has(token)) {
        if (tokens.get(token) === content) return { ok: true };
        throw new SyncError('defect', 'A transaction token was used for another content.');
      }
      const failed = writes.flatMap((write, position) =>
        conditionHolds(write.when, find(keyOf(write))) ? [] : [position],
      );
      if (failed.length > 0) return { ok: false, failed };
      const plans = writes.map(planned);
      checkTransactionBytes(plans.map(({ before, after }) => [before, after]));
      for (const { key, after } of plans) replace(key, after);
      if (token !== undefined) tokens.set(token, content);
      return { ok: true };
    },
  };
}

function setAsList(_name: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'delete' in write ? write.delete : write.update;
}

function address(key: Key): string {
  return `${key.pk}\n${key.sk}`;
}

/** Where an item stands in an index; nothing where it lacks the index's keys (sparse). */
function positionIn(index: IndexName, item: Item): Key | undefined {
  if (index === 'base') return item;
  const pk = item[`${index}pk`];
  const sk = item[`${index}sk`];
  return typeof pk === 'string' && typeof sk === 'string' ? { pk, sk } : undefined;
}

/** What items of an index are ordered by: its sort key, then their own keys. */
function orderIn(index: IndexName, item: Item): string[] {
  return [positionIn(index, item)?.sk ?? '', item.pk, item.sk];
}

function keysIn(index: IndexName, item: Item): Item {
  return { pk: item.pk, sk: item.sk, [`${index}pk`]: item[`${index}pk`], [`${index}sk`]: item[`${index}sk`] };
}

function compareOrders(one: readonly string[], other: readonly string[]): number {
  for (const [position, part] of one.entries()) {
    const otherPart = other[position] ?? '';
    if (part !== otherPart) return part < otherPart ? -1 : 1;
  }
  return 0;
}

function inRange(sk: string, request: QueryRequest): boolean {
  if (request.between) return sk >= request.between[0] && sk <= request.between[1];
  return sk.startsWith(request.prefix ?? '');
}
