import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lightTable } from '../../bench/light-table.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import type { QueryRequest, Table, Write } from '../../functions/ports/table.ts';

const name = fc.constantFrom('a', 'b', 'b#1', 'b#2', 'c');
const key = fc.record({ pk: fc.constantFrom('p', 'q'), sk: name });
const index = fc.option(fc.record({ gsi1pk: fc.constantFrom('x', 'y'), gsi1sk: name }), { nil: undefined });
const when = fc.constantFrom(undefined, { exists: true }, { exists: false }, { equals: { n: 1 } });
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ key, index, when }).map((one): Write => ({ put: { ...one.key, ...one.index, n: 1 }, when: one.when })),
  fc.record({ key, when }).map((one): Write => ({ delete: one.key, when: one.when })),
  fc
    .record({ key, index, when, member: name })
    .map((one): Write => ({ update: one.key, set: one.index, add: { n: 1 }, addMembers: { set: [one.member] } })),
  fc.record({ key, member: name }).map((one): Write => ({ update: one.key, dropMembers: { set: [one.member] } })),
);
const query: fc.Arbitrary<QueryRequest> = fc.record(
  {
    pk: fc.constantFrom('p', 'q'),
    prefix: name,
    descending: fc.boolean(),
    limit: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ['pk'] },
);

/** Every page, to the end. */
async function all(table: Table, request: QueryRequest) {
  const items = [];
  let start: string | undefined;
  do {
    const page = await table.query({ ...request, start });
    items.push(...page.items.map(({ pk, sk, n, set }) => (request.index ? { pk, sk } : { pk, sk, n, set })));
    start = page.next;
  } while (start !== undefined);
  return items;
}

test('it answers as the memory table does, write by write and page by page', async () => {
  const property = fc.asyncProperty(fc.array(write, { maxLength: 30 }), query, async (writes, request) => {
    const [light, memory] = [lightTable(), memoryTable()];
    for (const one of writes) expect(await light.write(one)).toEqual(await memory.write(one));
    expect(await all(light, request)).toEqual(await all(memory, request));
    const byIndex = { pk: request.pk === 'p' ? 'x' : 'y', index: 'gsi1', descending: request.descending } as const;
    expect(await all(light, byIndex)).toEqual(await all(memory, byIndex));
  });
  await fc.assert(property, { numRuns: 300 });
});

test('a page goes on where it ended, whatever was deleted meanwhile', async () => {
  const table = lightTable();
  await table.putMany(['a', 'b', 'c', 'd'].map((sk) => ({ pk: 'p', sk })));
  const first = await table.query({ pk: 'p', limit: 2 });
  await table.write({ delete: { pk: 'p', sk: 'a' } });
  await table.write({ delete: { pk: 'p', sk: 'b' } });
  const { items } = await table.query({ pk: 'p', start: first.next });
  expect(items.map(({ sk }) => sk)).toEqual(['c', 'd']);
});

test('a transaction is made whole or not at all', async () => {
  const table = lightTable();
  const writes: Write[] = [{ put: { pk: 'p', sk: 'a' } }, { put: { pk: 'p', sk: 'b' }, when: { exists: true } }];
  expect(await table.transact(writes)).toEqual({ ok: false, failed: [1] });
  expect(await table.get({ pk: 'p', sk: 'a' })).toBeUndefined();
});
