/**
 * Joins reads by key that come at one moment: one call to the table instead of one for each item. Always true: each reader
 * has the items that it asked for, as they are then; a read that fails fails for all that were joined. It only reads, so a
 * crash leaves nothing. Attacked by test/adapters/aws/dynamodb/table/joining-reads.test.ts.
 */
import type { Item, Key, Table } from '../../../../ports/table.ts';
import { addressOf, distinct } from './address-of.ts';

/** Those that are no larger are joined: more would wait for more. */
const mostKeysJoined = 100;

interface Waiting {
  readonly keys: readonly Key[];
  readonly answer: (found: Item[] | Promise<Item[]>) => void;
}

export function joiningReads(table: Table): Table {
  let waiting: Waiting[] = [];

  const flush = () => {
    const all = waiting;
    waiting = [];
    const [alone] = all;
    if (alone && all.length === 1) return alone.answer(one(alone.keys));
    const found = table.getMany(all.flatMap(({ keys }) => keys)).then((items) => {
      const byAddress = new Map(items.map((item) => [addressOf(item), item]));
      return (keys: readonly Key[]) => distinct(keys).flatMap((key) => byAddress.get(addressOf(key)) ?? []);
    });
    for (const { keys, answer } of all) answer(found.then((of) => of(keys)));
  };

  const one = async (keys: readonly Key[]): Promise<Item[]> => {
    const [key, second] = keys;
    if (!key || second) return table.getMany(keys);
    const item = await table.get(key);
    return item ? [item] : [];
  };

  const read = (keys: readonly Key[]): Promise<Item[]> => {
    if (keys.length === 0 || keys.length > mostKeysJoined) return table.getMany(keys);
    return new Promise((answer) => {
      waiting.push({ keys, answer });
      if (waiting.length === 1) setImmediate(flush);
    });
  };

  return {
    ...table,
    get: async (key) => (await read([key]))[0],
    getMany: read,
  };
}
