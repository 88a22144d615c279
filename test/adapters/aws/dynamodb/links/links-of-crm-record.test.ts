import { expect, test } from 'vitest';
import { linksStore } from '../../../../../functions/adapters/aws/dynamodb/links/links.ts';
import { memoryTable } from '../../../../../functions/adapters/memory/memory-table.ts';
import type { Table } from '../../../../../functions/ports/table.ts';
import { aLink, dueOf } from '../../../../contract/stores-fixtures.ts';

/** As an index is for a moment after its sort key changed: it has the item by the former key too. */
function listingTwice(table: Table): Table {
  return {
    ...table,
    async query(request) {
      const page = await table.query(request);
      const former = (item: (typeof page.items)[number]) => ({ ...item, gsi1sk: `${item.gsi1sk}`.split('#')[0] ?? '' });
      return request.index === 'gsi1' ? { ...page, items: page.items.flatMap((item) => [item, former(item)]) } : page;
    },
  };
}

test('a link that the index of a CRM record has twice for a moment is named and read once', async () => {
  const links = linksStore({ table: listingTwice(memoryTable()), retentionDays: async () => 90 });
  const link = aLink();
  await links.connect(link, dueOf(link));
  const { tenantId, id: linkId, connectionId } = link;
  expect(await links.refsOfCrmRecord(tenantId, 'contact', 'crm 1')).toEqual([{ linkId, connectionId }]);
  expect(await links.ofCrmRecord(tenantId, 'contact', 'crm 1')).toHaveLength(1);
});
