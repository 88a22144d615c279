import { expect, test } from 'vitest';
import { joinedLinks, partsOf } from '../../../../../functions/adapters/aws/dynamodb/links/link-parts.ts';
import { linksStore } from '../../../../../functions/adapters/aws/dynamodb/links/links.ts';
import { memoryTable } from '../../../../../functions/adapters/memory/memory-table.ts';
import type { Link } from '../../../../../functions/core/model/link.ts';
import type { Key, Table } from '../../../../../functions/ports/table.ts';
import { aLink, dueOf } from '../../../../contract/stores-fixtures.ts';

const retentionDays = async () => 90;

function valued(link: Link, value: string): Link {
  return { ...link, fieldStates: { 'a~a': { agreed: { crm: value, erp: value } } } };
}

/** The table with a look that records another value between the read of a link and that of its parts. */
function changedMeanwhile(table: Table, before: Link, after: Link): Table {
  let changed = false;
  return {
    ...table,
    async getMany(keys: readonly Key[]) {
      if (!changed && keys.some(({ sk }) => sk === 'values#0')) {
        changed = true;
        await linksStore({ table, retentionDays }).record({ before, after });
      }
      return table.getMany(keys);
    },
  };
}

test('a link and the values beside it are always of one moment', async () => {
  const table = memoryTable();
  const link = valued(aLink(), 'x'.repeat(600));
  await linksStore({ table, retentionDays }).connect(link, dueOf(link));
  const after = valued(link, 'y'.repeat(600));
  const meanwhile = linksStore({ table: changedMeanwhile(table, link, after), retentionDays });
  expect(await meanwhile.get(link.tenantId, link.id)).toEqual({ ...after, revision: 2 });
});

test('a link that has nothing beside it costs no further read', async () => {
  const table = memoryTable();
  const link = valued(aLink(), 'short');
  await linksStore({ table, retentionDays }).connect(link, dueOf(link));
  const item = await table.get({ pk: `${link.tenantId}#link#${link.id}`, sk: 'link' });
  const refuse = () => Promise.reject(new Error('nothing else is to be read'));
  const joined = await joinedLinks({ ...table, get: refuse, getMany: refuse }, item ? [item] : []);
  expect(joined).toHaveLength(1);
  expect(partsOf(link).items).toEqual([]);
});

test('a link whose parts are another at every read is named by its id alone, and asked for again', async () => {
  const table = memoryTable();
  const link = valued(aLink(), 'x'.repeat(600));
  await linksStore({ table, retentionDays }).connect(link, dueOf(link));
  const noParts = (keys: readonly Key[]) => table.getMany(keys.filter(({ sk }) => sk === 'link'));
  const read = linksStore({ table: { ...table, getMany: noParts }, retentionDays }).getMany(link.tenantId, [link.id]);
  await expect(read).rejects.toMatchObject({
    kind: 'transient',
    message: `What is kept of link ${link.id} changes all the time: try again.`,
  });
});
