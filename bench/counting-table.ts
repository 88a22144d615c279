/**
 * A table that counts what DynamoDB would be asked: requests, rounds of requests that waited one after another, read and
 * write units. For tests of counted bounds and for the bench; put it around `memoryTable()`, or any other table whose calls
 * take effect at once when they are made.
 */
import type { Item, Key, Table, Write } from '../functions/ports/table.ts';
import { indexWriteUnits, queryUnits, type Replacement, readUnits, writeUnits } from './item-units.ts';
import { countRounds } from './rounds.ts';

/** As `functions/adapters/aws/dynamodb/table/dynamodb-table.ts` cuts them: reads side by side, puts one after the other. */
const keysPerBatchGet = 100;
const itemsPerBatchWrite = 25;

interface TableCounts {
  /** Requests to DynamoDB; a batch that is cut counts as several. */
  readonly calls: number;
  /** Requests that had to wait one after another; those made side by side are one round. */
  readonly rounds: number;
  readonly readUnits: number;
  /** Of table and indexes, transactions twice. */
  readonly writeUnits: number;
  /** The part of `writeUnits` that indexes take. */
  readonly indexWriteUnits: number;
  /** The part of `writeUnits` that is there because transactions write twice. */
  readonly secondWriteUnits: number;
  readonly transactions: number;
  /** Transactions and single writes whose condition did not hold; they cost units too. */
  readonly refused: number;
}

export interface CountingTable extends Table {
  /** Since it was made or last asked to start anew. */
  counts(): TableCounts;
  startAnew(): void;
}

type Counted = { -readonly [name in Exclude<keyof TableCounts, 'rounds'>]: number };

const nothingCounted: Counted = {
  calls: 0,
  readUnits: 0,
  writeUnits: 0,
  indexWriteUnits: 0,
  secondWriteUnits: 0,
  transactions: 0,
  refused: 0,
};

export function countingTable(table: Table): CountingTable {
  let counted: Counted = { ...nothingCounted };
  const rounds = countRounds();
  let earlierRounds = 0;
  const { answered } = rounds;

  const countWrite = (replaced: Replacement, isTransaction: boolean): void => {
    const ofIndexes = indexWriteUnits(replaced);
    counted.indexWriteUnits += ofIndexes;
    counted.writeUnits += writeUnits(replaced, isTransaction) + ofIndexes;
    if (isTransaction) counted.secondWriteUnits += writeUnits(replaced, false);
  };

  /** Makes the writes and says what each replaced; the table answers at once, so nobody comes in between. */
  const replacing = async <Answer>(keys: readonly Key[], make: () => Promise<Answer>) => {
    const before = keys.map((key) => table.get(key));
    const made = make();
    const after = keys.map((key) => table.get(key));
    const answer = await made;
    const [old, now] = await Promise.all([Promise.all(before), Promise.all(after)]);
    return { answer, replaced: keys.map((_, at): Replacement => ({ before: old[at], after: now[at] })) };
  };

  const inBatches = async (keys: readonly Key[], make: () => Promise<void>): Promise<void> => {
    const { replaced } = await replacing(keys, make);
    for (const one of replaced) countWrite(one, false);
    for (let sent = 0; sent < keys.length; sent += itemsPerBatchWrite) {
      counted.calls += 1;
      await answered();
    }
  };

  return {
    counts: () => ({ ...counted, rounds: rounds.count() - earlierRounds }),
    startAnew: () => {
      counted = { ...nothingCounted };
      earlierRounds = rounds.count();
    },
    async get(key) {
      const item = await table.get(key);
      counted.calls += 1;
      counted.readUnits += readUnits(item);
      await answered();
      return item;
    },
    async getMany(keys) {
      const items = await table.getMany(keys);
      const asked = new Set(keys.map(address)).size;
      if (asked === 0) return items;
      counted.calls += Math.ceil(asked / keysPerBatchGet);
      const missing = asked - items.length;
      counted.readUnits += items.reduce((units, item) => units + readUnits(item), missing * readUnits(undefined));
      await answered();
      return items;
    },
    async query(request) {
      const page = await table.query(request);
      counted.calls += 1;
      counted.readUnits += queryUnits(page.items, request.index !== undefined);
      await answered();
      return page;
    },
    putMany: (items) => inBatches(distinct(items), () => table.putMany(items)),
    deleteMany: (keys) => inBatches(distinct(keys), () => table.deleteMany(keys)),
    async write(write) {
      const { answer, replaced } = await replacing([keyOf(write)], () => table.write(write));
      counted.calls += 1;
      if (!answer.ok) counted.refused += 1;
      for (const one of replaced) countWrite(one, false);
      await answered();
      return answer;
    },
    async transact(writes, token, onClash) {
      const { answer, replaced } = await replacing(writes.map(keyOf), () => table.transact(writes, token, onClash));
      counted.calls += 1;
      counted.transactions += 1;
      if (!answer.ok) counted.refused += 1;
      for (const one of replaced) countWrite(one, true);
      await answered();
      return answer;
    },
  };
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'delete' in write ? write.delete : write.update;
}

function distinct<T extends Key>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [address(one), one])).values()];
}

function address({ pk, sk }: Key | Item): string {
  return `${pk}\n${sk}`;
}
