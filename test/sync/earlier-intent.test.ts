/** An intent that an earlier version stored, and a write of the link that keeps it. */
import { expect, test } from 'vitest';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { keys } from '../../functions/adapters/aws/dynamodb/table/keys.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { fingerprint } from '../../functions/core/values/fingerprint.ts';
import { aLink, dueOf } from '../contract/stores-fixtures.ts';

test('a link with an intent of an earlier version is readable after a write that keeps the intent', async () => {
  const table = memoryTable();
  const links = linksStore({ table, retentionDays: async () => 90 });
  const link = aLink({ state: 'active' });
  const { tenantId, id } = link;
  await links.connect(link, dueOf(link));
  const stored = await links.get(tenantId, id);
  if (!stored) throw new Error('it is connected');
  const taken = await links.takeIntent(
    stored,
    {
      token: 'tok',
      runId: 'r',
      chunkId: 'k',
      expiresAtMs: 1,
      versions: { crm: '1', erp: '1' },
      readAtMs: { crm: 1, erp: 1 },
      writes: [],
    },
    undefined,
  );
  if (taken === 'superseded') throw new Error('nobody else writes');
  // As the version before stored it: each part under the fingerprint of its content.
  const part = await table.get(keys.besideLink(tenantId, id, 'intent', 0));
  const item = await table.get(keys.linkOf(tenantId)(id));
  if (!part || !item) throw new Error('both are stored');
  const of = fingerprint(part.content);
  await table.putMany([
    { ...part, of },
    { ...item, mark: { token: 'tok', expiresAtMs: 1, parts: [of] } },
  ]);
  const before = await links.get(tenantId, id);
  if (!before) throw new Error('an earlier version is readable');
  expect(before.intent?.token).toBe('tok');
  // A person dismisses, disconnects or retries; or the engine opens a failure and leaves the intent.
  const after = await links.record({ before, after: { ...before, lastSyncedAt: '2026-11-26T00:00:00.000Z' } });
  expect(after).not.toBe('superseded');
  expect((await links.get(tenantId, id))?.intent?.token).toBe('tok');
});
