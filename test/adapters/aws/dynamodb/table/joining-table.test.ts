import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joiningTable } from '../../../../../functions/adapters/aws/dynamodb/table/joining-table.ts';
import { memoryTable } from '../../../../../functions/adapters/memory/memory-table.ts';
import { SyncError } from '../../../../../functions/core/errors.ts';
import type { Key, Table, TransactResult, Write } from '../../../../../functions/ports/table.ts';

/** A table that counts its transactions and refuses some. */
function watched(
  table: Table,
  refuse: (writes: readonly Write[]) => TransactResult | SyncError | undefined = () => undefined,
) {
  const sizes: number[] = [];
  const told: Table = {
    ...table,
    async transact(writes, token, onClash) {
      sizes.push(writes.length);
      const refused = refuse(writes);
      if (refused instanceof SyncError) throw refused;
      return refused ?? table.transact(writes, token, onClash);
    },
  };
  return { table: told, sizes };
}

const key = (name: string): Key => ({ pk: name, sk: 's' });
const put = (name: string): Write => ({ put: { ...key(name), n: 1 }, when: { exists: false } });
const count = (name: string, by = 1): Write => ({ update: key(name), set: { type: 'sum' }, add: { n: by } });

test('transactions of one moment are one call, and additions to one item one write', async () => {
  const { table, sizes } = watched(memoryTable());
  const joining = joiningTable(table);
  const answers = await Promise.all(['a', 'b', 'c'].map((name) => joining.transact([put(name), count('sum')], name)));
  expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
  expect(sizes).toEqual([4]);
  expect(await table.get(key('sum'))).toMatchObject({ n: 3 });
});

test('a transaction has a hundred writes at most', async () => {
  const { table, sizes } = watched(memoryTable());
  const joining = joiningTable(table);
  const names = Array.from({ length: 60 }, (_, n) => `k${n}`);
  await Promise.all(names.map((name) => joining.transact([put(name), put(`${name}b`), put(`${name}c`)])));
  expect(sizes).toEqual([99, 81]);
});

test('where one of several is refused each has its own answer, and the others are made', async () => {
  const { table } = watched(memoryTable());
  await table.putMany([{ ...key('b'), n: 7 }]);
  const joining = joiningTable(table);
  const answers = await Promise.all(['a', 'b', 'c'].map((name) => joining.transact([count('sum'), put(name)])));
  expect(answers).toEqual([{ ok: true }, { ok: false, failed: [1] }, { ok: true }]);
  expect(await table.get(key('sum'))).toMatchObject({ n: 2 });
  expect(await table.get(key('b'))).toMatchObject({ n: 7 });
});

test('a clash, or what is refused as a whole, is tried one by one; an outage is told to all', async () => {
  const outcomes: [TransactResult | SyncError, string][] = [
    [{ ok: false, failed: [] }, 'made'],
    [new SyncError('defect', 'Too large together.'), 'made'],
    [new SyncError('transient', 'No answer.'), 'transient'],
  ];
  for (const [refusal, comesTo] of outcomes) {
    const { table, sizes } = watched(memoryTable(), (writes) => (writes.length > 1 ? refusal : undefined));
    const joining = joiningTable(table);
    const answers = await Promise.all(
      ['a', 'b'].map((name) =>
        joining.transact([put(name)]).then(
          () => 'made',
          (error: SyncError) => error.kind,
        ),
      ),
    );
    expect(answers).toEqual([comesTo, comesTo]);
    expect(sizes).toEqual(comesTo === 'made' ? [2, 1, 1] : [2]);
  }
});

/** Every order of so few. */
function orders<One>(all: readonly One[]): One[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((one, at) => orders(all.filter((_, other) => other !== at)).map((rest) => [one, ...rest]));
}

test('whatever comes at one moment ends as if it had come one after the other', async () => {
  const names = ['a', 'b', 'c', 'x', 'y'];
  const write = fc.oneof(
    fc
      .record({ name: fc.constantFrom('a', 'b', 'c'), exists: fc.boolean() })
      .map(({ name, exists }): Write => ({ put: { ...key(name), n: 1 }, when: { exists } })),
    fc.constantFrom('a', 'x', 'y').map((name) => count(name)),
    fc.constantFrom('a', 'b').map((name): Write => ({ delete: key(name) })),
  );
  const transaction = fc.uniqueArray(write, {
    minLength: 1,
    maxLength: 3,
    selector: (one) => ('put' in one ? one.put : 'delete' in one ? one.delete : one.update).pk,
  });
  const property = fc.asyncProperty(fc.array(transaction, { minLength: 1, maxLength: 4 }), async (transactions) => {
    const one = memoryTable();
    const joining = joiningTable(one);
    const answers = await Promise.all(transactions.map((writes) => joining.transact(writes)));
    const together = JSON.stringify([answers.map(({ ok }) => ok), await one.getMany(names.map(key))]);
    const inTurn = await Promise.all(
      orders(transactions.map((writes, at) => ({ writes, at }))).map(async (order) => {
        const table = memoryTable();
        const oks: boolean[] = [];
        for (const { writes, at } of order) oks[at] = (await table.transact(writes)).ok;
        return JSON.stringify([oks, await table.getMany(names.map(key))]);
      }),
    );
    expect(inTurn).toContain(together);
  });
  await fc.assert(property, { numRuns: 200 });
});
