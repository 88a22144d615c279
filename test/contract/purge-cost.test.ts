import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countingTable } from '../../bench/counting-table.ts';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { purgesStore } from '../../functions/adapters/aws/dynamodb/purge/purges.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { aChange, aLink, dueOf, ends, newId } from './stores-fixtures.ts';

test('a thousand links with a log are purged with three calls each and two a page', async () => {
  const table = countingTable(memoryTable());
  const links = linksStore({ table, retentionDays: async () => 90 });
  const tenantId = newId();
  const count = 1_000;
  for (let n = 0; n < count; n += 1) {
    const link = aLink({ tenantId, ends: ends({ crm: { key: `c${n}` }, erp: { key: `e${n}` } }) });
    await links.connect(link, dueOf(link));
    await links.record({ before: link, after: link, changes: [aChange(link)] });
  }
  table.startAnew();
  let cursor: string | undefined;
  let removed = 0;
  let pages = 0;
  do {
    const page = { limit: 100, ...(cursor !== undefined && { cursor }) };
    const done = await purgesStore({ table }).links(tenantId, 'c1', page);
    removed += done.removed;
    cursor = done.cursor;
    pages += 1;
  } while (cursor !== undefined);
  expect(removed).toBe(count);
  const { calls, refused } = table.counts();
  expect(refused).toBe(0);
  // A query, a batch for the log and a transaction each; two calls a page, and two more where the shard changes.
  expect(calls).toBeLessThanOrEqual(3 * count + 2 * pages + 2 * 4);
});

test('what else a connection has is purged by as many queries at once as docs/data-model.md says', async () => {
  const table = countingTable(memoryTable());
  await purgesStore({ table }).rest(newId(), newId());
  const { calls, rounds } = table.counts();
  const said = readFileSync('docs/data-model.md', 'utf8').match(
    /Query of (\d+) partitions at once, transaction of/,
  )?.[1];
  expect([rounds, String(calls)]).toEqual([1, said]);
});
