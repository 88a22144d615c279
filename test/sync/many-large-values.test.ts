/** A link with so many large values that they stand in several parts, on a table that keeps no order in maps. */
import { expect, test } from 'vitest';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import type { Attribute, Item, Table } from '../../functions/ports/table.ts';
import { aLink, dueOf } from '../contract/stores-fixtures.ts';

/** DynamoDB says of maps that they have no order. */
function reordered(value: Attribute | undefined): Attribute | undefined {
  if (Array.isArray(value) || value instanceof Set || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, reordered(part)] as const);
  return Object.fromEntries(entries.reverse()) as Attribute;
}

function withoutOrder(table: Table): Table {
  const read = (item: Item): Item => reordered(item as unknown as Attribute) as unknown as Item;
  return {
    ...table,
    get: async (key) => {
      const item = await table.get(key);
      return item && read(item);
    },
    getMany: async (keys) => (await table.getMany(keys)).map(read),
  };
}

test('a link with several parts of large values is readable after a write that changes none of them', async () => {
  const table = withoutOrder(memoryTable());
  const links = linksStore({ table, retentionDays: async () => 90 });
  const agreed = (at: number) => {
    const value = `${at}`.padEnd(7_900, 'x');
    return { crm: value, erp: value };
  };
  const link = aLink({
    fieldStates: Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`F${at}~f${at}`, { agreed: agreed(at) }])),
  });
  const { tenantId, id } = link;
  await links.connect(link, dueOf(link));
  const before = await links.get(tenantId, id);
  if (!before) throw new Error('it is stored');
  expect(before.fieldStates).toEqual(link.fieldStates);
  await links.record({ before, after: { ...before, lastSyncedAt: '2026-11-26T00:00:00.000Z' } });
  expect((await links.get(tenantId, id))?.fieldStates).toEqual(link.fieldStates);
});
