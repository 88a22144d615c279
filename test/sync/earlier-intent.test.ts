/** An intent that an earlier version stored, and a write of the link that keeps it. */
import { expect, test } from 'vitest';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { keys } from '../../functions/adapters/aws/dynamodb/table/keys.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import type { Link } from '../../functions/core/model/link.ts';
import { fingerprint } from '../../functions/core/values/fingerprint.ts';

test('a link with an intent of an earlier version is readable after a write that keeps the intent', async () => {
  const table = memoryTable();
  const links = linksStore({ table, retentionDays: async () => 90 });
  const tenantId = 't';
  const link: Link = {
    tenantId,
    id: 'link0',
    connectionId: 'c',
    ends: {
      crm: { type: 'company', table: 'contact', key: 'c0' },
      erp: { type: 'customer', table: 'party', key: 'e0' },
    },
    state: 'active',
    revision: 1,
    fieldStates: {},
    choices: {},
    seen: {},
    openFailures: [],
    createdAt: '2026-11-23T00:00:00.000Z',
    createdBy: 'test',
  };
  await links.connect(link, { tenantId, connectionId: 'c', linkId: 'link0', sequence: 's' });
  const stored = await links.get(tenantId, 'link0');
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
  const part = await table.get(keys.besideLink(tenantId, 'link0', 'intent', 0));
  const item = await table.get(keys.link(tenantId, 'link0'));
  if (!part || !item) throw new Error('both are stored');
  const of = fingerprint(part.content);
  await table.putMany([
    { ...part, of },
    { ...item, mark: { token: 'tok', expiresAtMs: 1, parts: [of] } },
  ]);
  const before = await links.get(tenantId, 'link0');
  if (!before) throw new Error('an earlier version is readable');
  expect(before.intent?.token).toBe('tok');
  // A person dismisses, disconnects or retries; or the engine opens a failure and leaves the intent.
  const after = await links.record({ before, after: { ...before, lastSyncedAt: '2026-11-26T00:00:00.000Z' } });
  expect(after).not.toBe('superseded');
  expect((await links.get(tenantId, 'link0'))?.intent?.token).toBe('tok');
});
