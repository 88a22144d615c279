import { expect, test } from 'vitest';
import { countingTable } from '../../bench/counting-table.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import type { Item } from '../../functions/ports/table.ts';

const keyOf = (name: string) => ({ pk: name, sk: name });
const item = (name: string, attributes: Partial<Item> = {}): Item => ({ ...keyOf(name), ...attributes });
const kilobytes = (count: number) => 'x'.repeat(count * 1024 - 100);

async function tableWith(...items: Item[]) {
  const table = countingTable(memoryTable());
  await table.putMany(items);
  table.startAnew();
  return table;
}

test('requests that wait for each other are rounds of their own, those made side by side are one', async () => {
  const table = await tableWith(item('a'), item('b'));
  await table.get(keyOf('a'));
  await Promise.all([table.get(keyOf('a')), table.get(keyOf('b')), table.query({ pk: 'a' })]);
  expect(table.counts()).toMatchObject({ calls: 4, rounds: 2 });
});

test('two chains of requests side by side take as many rounds as the longer one', async () => {
  const table = await tableWith(item('a'));
  const chain = async (length: number) => {
    for (let at = 0; at < length; at += 1) await table.get(keyOf('a'));
  };
  await Promise.all([chain(2), chain(5)]);
  expect(table.counts()).toMatchObject({ calls: 7, rounds: 5 });
});

test('a long list of keys is as many requests as DynamoDB takes, side by side', async () => {
  const table = await tableWith(item('a'));
  await table.getMany([keyOf('a'), ...Array.from({ length: 150 }, (_, at) => keyOf(`none${at}`))]);
  expect(table.counts()).toMatchObject({ calls: 2, rounds: 1, readUnits: 151 });
});

test('a long list of items is put in batches of 25, one after the other', async () => {
  const table = await tableWith();
  await table.putMany(Array.from({ length: 51 }, (_, at) => item(`i${at}`)));
  expect(table.counts()).toMatchObject({ calls: 3, rounds: 3, writeUnits: 51 });
});

test('nothing asked is no request', async () => {
  const table = await tableWith();
  await table.getMany([]);
  await table.putMany([]);
  expect(table.counts()).toMatchObject({ calls: 0, rounds: 0, readUnits: 0, writeUnits: 0 });
});

test('a transaction costs each of its writes twice', async () => {
  const table = await tableWith(item('a', { text: kilobytes(3) }));
  await table.transact([{ update: keyOf('a'), set: { text: 'short' } }, { put: item('b') }]);
  expect(table.counts()).toMatchObject({
    calls: 1,
    transactions: 1,
    writeUnits: 3 * 2 + 2,
    secondWriteUnits: 4,
    refused: 0,
  });
});

test('a refused write costs what the item that is there would', async () => {
  const table = await tableWith(item('a', { text: kilobytes(2) }));
  await table.transact([{ delete: keyOf('a'), when: { exists: false } }]);
  await table.write({ put: item('a'), when: { exists: false } });
  expect(table.counts()).toMatchObject({ refused: 2, writeUnits: 2 * 2 + 2 });
});

test('an index is written when its keys appear, move or vanish, and not while they stay', async () => {
  const table = await tableWith(item('a'));
  const at = (place: string) => ({ gsi1pk: 'p', gsi1sk: place });
  const unitsOf = async (work: Promise<unknown>) => {
    table.startAnew();
    await work;
    return table.counts().indexWriteUnits;
  };
  expect(await unitsOf(table.write({ put: item('a', at('1')) }))).toBe(1);
  expect(await unitsOf(table.write({ update: keyOf('a'), set: { text: 'other' } }))).toBe(0);
  expect(await unitsOf(table.write({ update: keyOf('a'), set: { gsi1sk: '2' } }))).toBe(2);
  expect(await unitsOf(table.transact([{ delete: keyOf('a') }]))).toBe(1);
});

test('answers are those of the table', async () => {
  const table = await tableWith(item('a', { count: 1 }));
  expect(await table.write({ update: keyOf('a'), add: { count: 2 } })).toEqual({
    ok: true,
    item: item('a', { count: 3 }),
  });
  expect(await table.get(keyOf('a'))).toEqual(item('a', { count: 3 }));
  expect(await table.transact([{ put: item('a'), when: { exists: false } }])).toEqual({ ok: false, failed: [0] });
});
