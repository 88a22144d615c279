import { expect, test } from 'vitest';
import {
  newLinkWrites,
  readLinks,
  readOfRecord,
} from '../../../../../functions/adapters/aws/dynamodb/links/link-items.ts';
import { memoryTable } from '../../../../../functions/adapters/memory/memory-table.ts';
import type { Link } from '../../../../../functions/core/model/link.ts';
import type { Item } from '../../../../../functions/ports/table.ts';
import { aLink } from '../../../../contract/stores-fixtures.ts';

const link = aLink({
  fieldStates: { 'NAME~name': { agreed: { crm: 'A', erp: 'a' }, overtaken: 'unclear' } },
  intent: {
    token: 't1',
    runId: 'r1',
    chunkId: 'k1',
    expiresAtMs: 1,
    versions: { crm: '1', erp: '2' },
    readAtMs: { crm: 3, erp: 4 },
    writes: [
      {
        field: 'NAME~name',
        erpField: 'NAME',
        crmField: 'name',
        side: 'crm',
        replaces: null,
        sends: 'A',
        source: 'a',
        rule: 'changed-in-erp',
        conflict: false,
      },
    ],
  },
});

/** What an earlier version stored: everything in one item. */
const former = {
  ...link,
  pk: `${link.tenantId}#link#${link.id}`,
  sk: 'link',
  gsi3pk: `${link.tenantId}#links#c1#0`,
  type: 'link',
  v: 1,
  ends: undefined,
  fieldStates: undefined,
  fields: {
    'NAME~name': { agreed: { crm: 'A', erp: 'a' }, overtaken: 'unproven' },
    'CITY~city': { overtaken: 'moved' },
  },
  intent: { ...link.intent, writes: undefined, fields: link.intent?.writes },
  crmType: 'company',
  crmTable: 'contact',
  crmKey: 'crm 1',
  actorType: 'customer',
  erpTable: 'party.party',
  erpKey: 'erp#1',
};

async function stored(one: Link) {
  const table = memoryTable();
  const writes = newLinkWrites(one);
  await table.transact(writes);
  const [item] = writes.flatMap((write): Item[] => ('put' in write ? [write.put] : []));
  if (!item) throw new Error('a link is an item');
  return { table, item };
}

test('a link is read as it was stored', async () => {
  const { table, item } = await stored(link);
  expect(await readLinks(table, [item])).toEqual([link]);
});

test('what is left out of a stored write follows from the rest, and what does not is kept', async () => {
  const [write] = link.intent?.writes ?? [];
  if (!link.intent || !write) throw new Error('the link has an intent');
  const values = [null, 'A', 'B', 0, false];
  const bases = [undefined, ...values.flatMap((crm) => values.map((erp) => ({ crm, erp })))];
  const writes = bases.flatMap((base) =>
    values.flatMap((source) => [
      { ...write, source, base, replaces: 'B', conflict: true },
      { ...write, source, base, replaces: null, sends: null, conflict: false },
    ]),
  );
  const one = { ...link, intent: { ...link.intent, writes } };
  const { table, item } = await stored(one);
  expect(await readLinks(table, [item])).toEqual([one]);
});

test('an intent whose writes an earlier version stored by name is read from its part', async () => {
  const { table, item } = await stored(link);
  const { writes, ...rest } = link.intent ?? {};
  const part = { pk: item.pk, sk: 'intent#0', type: 'intent', v: 1, of: 'print', content: { ...rest, fields: writes } };
  const formerPart: Item = JSON.parse(JSON.stringify(part));
  await table.putMany([formerPart]);
  const mark = { token: 't1', expiresAtMs: 1, parts: ['print'] };
  expect(await readLinks(table, [{ ...item, mark }])).toEqual([link]);
});

test('ends and field states keep the names under which earlier versions stored them', async () => {
  const { item } = await stored(link);
  expect(item).toMatchObject({ crmType: 'company', crmKey: 'crm 1', actorType: 'customer', erpKey: 'erp#1' });
  expect(item.fields).toMatchObject({ 'NAME~name': { overtaken: 'unclear' } });
  expect(Object.keys(item)).not.toContain('fieldStates');
  expect(Object.keys(item)).not.toContain('ends');
});

test('a link of an earlier version is read with its intent and its values, in the present words', async () => {
  const item: Item = JSON.parse(JSON.stringify(former));
  const fieldStates = { ...link.fieldStates, 'CITY~city': { overtaken: 'moved' } };
  expect(await readLinks(memoryTable(), [item])).toEqual([{ ...link, fieldStates }]);
  const seen = { version: 'v1', values: 'p1' };
  const listed = { id: link.id, state: 'pending', key: 'erp#1', actorType: 'customer', seen, hasIntent: true };
  expect(readOfRecord({ ...item, seen: { erp: seen } }, 'erp')).toEqual(listed);
});
