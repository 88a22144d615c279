import { expect, test } from 'vitest';
import { failuresStore } from '../../../../../functions/adapters/aws/dynamodb/links/failures.ts';
import { linksStore } from '../../../../../functions/adapters/aws/dynamodb/links/links.ts';
import { memoryTable } from '../../../../../functions/adapters/memory/memory-table.ts';
import { standAfter } from '../../../../../functions/core/model/link-stand.ts';
import type { Item } from '../../../../../functions/ports/table.ts';
import { aLink, at, dueOf } from '../../../../contract/stores-fixtures.ts';

test('what an earlier version stored, an item a field, is read as the one failure of its link, and goes with it', async () => {
  const table = memoryTable();
  const links = linksStore({ table, retentionDays: async () => 90 });
  const failures = failuresStore({ table });
  const ids = ['l.field1', 'l.field2', 'l'];
  const link = aLink({ id: 'l', openFailures: ids });
  const { tenantId } = link;
  await links.connect(link, dueOf(link));
  const former = (id: string, parts: object): Item => {
    const common = { tenantId, id, connectionId: 'c1', linkId: 'l', attempts: 1, lastAt: at, type: 'failure', v: 1 };
    return { pk: `${tenantId}#failure#${id}`, sk: 'failure', ...common, ...parts };
  };
  const [day1, day2] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];
  const field = { kind: 'rejected', reason: 'too-long' } as const;
  await table.putMany([
    former('l.field1', { ...field, field: 'A~a', explanation: 'No', firstAt: day2 }),
    former('l.field2', { kind: 'conflict', reason: 'choice-void', field: 'B~b', firstAt: day1 }),
    former('l', { kind: 'transient', reason: 'transient', firstAt: day2 }),
  ]);
  const failure = await failures.ofLink(link);
  expect(failure).toMatchObject({ id: 'l', reason: 'transient', firstAt: day1 });
  expect(failure?.fields).toMatchObject([
    { ...field, field: 'A~a', explanation: 'No', firstAt: day2 },
    { field: 'B~b', reason: 'choice-void' },
  ]);
  const troubles = [{ ...field, field: 'A~a', anew: false }];
  const look = { found: 'look', before: link, after: link, troubles, ends: true, at } as const;
  const stand = standAfter({ link, failure }, look);
  await links.record({ before: link, after: stand.link, failure: stand.failure });
  expect(await failures.get(tenantId, 'l')).toEqual(stand.failure);
  expect(await failures.get(tenantId, 'l.field1')).toBeUndefined();
  expect(await failures.get(tenantId, 'l.field2')).toBeUndefined();
});
