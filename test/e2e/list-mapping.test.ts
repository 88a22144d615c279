import { beforeAll, expect, test } from 'vitest';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { connectTryton } from '../../local/tryton-rpc.ts';
import { type LinkedCompany, linkedCompany } from './linked-records.ts';
import { atRest, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

interface Pair {
  erpItem: string;
  crmItem: string;
}

interface ListMapping {
  erpList: string;
  crmList: string;
  pairs: Pair[];
  unmapped: { erpItem: string; erpText: string; proposal?: { crmItem: string; crmText: string; by: string } }[];
}

let world: World;
let path: string;
let distribution: number;
let prospect: number;
let one: LinkedCompany;
let two: LinkedCompany;

async function categories(): Promise<ListMapping> {
  const { lists } = await world.api.get<{ lists: ListMapping[] }>(`${path}/list-mappings?erpList=category`);
  const [list] = lists;
  if (!list) throw new Error('categories are mapped');
  return list;
}

async function savePairs(pairs: Pair[]): Promise<void> {
  const lists = [{ erpList: 'category', crmList: 'category', pairs }];
  await world.api.replace(`${path}/list-mappings`, () => ({ lists }));
}

const categorise = (partyId: number, ...ids: number[]) =>
  world.erp.rpc.call('party.party', 'write', [[partyId], { categories: [['add', ids]] }]);

const inCrm = async ({ companyId }: LinkedCompany) => (await world.crm.read('company', companyId)).category;

beforeAll(async () => {
  world = await openWorld();
  path = `/v1/connections/${world.connectionId}`;
  const admin = await connectTryton({ ...world.system.erp, ...trytonAccounts.admin });
  const [first = 0, second = 0] = await admin.call<number[]>('party.category', 'create', [
    [{ name: 'Distribution' }, { name: 'prospect' }],
  ]);
  [distribution, prospect] = [first, second];
  await world.api.post(`${path}/deactivate`);
  await world.api.replace<{ fields: object[] }>(`${path}/actor-types/customer/mapping`, ({ fields }) => ({
    active: true,
    fields: [...fields, { erpField: 'CATEGORY', crmField: 'category', direction: 'both' }],
  }));
  await savePairs([]);
  const proposed = (await categories()).unmapped.find(({ erpItem }) => erpItem === String(prospect));
  expect(proposed?.proposal).toMatchObject({ crmText: 'Prospect', by: 'text' });
  await savePairs([{ erpItem: String(prospect), crmItem: proposed?.proposal?.crmItem ?? '' }]);
  await world.api.post(`${path}/activate`);
  one = await linkedCompany(world, 'Listed one');
  two = await linkedCompany(world, 'Listed two');
});

test('an item that is not mapped parks its field alone, is counted and listed, and once it is mapped its record goes by itself', async () => {
  await categorise(one.partyId, distribution);
  await categorise(two.partyId, prospect);
  await world.erp.edit(one.partyId, { phone: '+31 20 700 0055' });
  expect(await sync(world)).toMatchObject({ state: 'done-with-failures', counters: { writtenToCrm: 2, rejected: 1 } });
  expect([await inCrm(one), await inCrm(two)]).toEqual(['', 'Prospect']);
  expect((await world.crm.read('company', one.companyId)).phone).toBe('+31 20 700 0055');
  const items = await world.api.all<object>(`${path}/unmapped-items`);
  expect(items).toMatchObject([
    { side: 'erp', erpList: 'category', item: String(distribution), text: 'Distribution', links: 1 },
  ]);

  const { pairs } = await categories();
  const other = (await world.api.all<{ key: string; text: string }>('/v1/crm/lists/category')).find(
    ({ text }) => text === 'Other',
  );
  const known = pairs.map(({ erpItem, crmItem }) => ({ erpItem, crmItem }));
  await savePairs([...known, { erpItem: String(distribution), crmItem: other?.key ?? '' }]);
  await atRest(world);
  expect(await inCrm(one)).toBe('Other');
  expect(await world.api.all(`${path}/unmapped-items`)).toEqual([]);
  expect(await world.api.all('/v1/failures', { connectionId: world.connectionId })).toEqual([]);
  const [entry] = await world.api.all<{ act: string; changes: object[] }>('/v1/audit');
  expect(entry).toMatchObject({
    act: 'list-mapping.change',
    changes: [{ path: `lists.category.${distribution}`, new: other?.key }],
  });

  await world.crm.edit('company', two.companyId, { category: 'Other' });
  expect(await sync(world)).toMatchObject({ counters: { writtenToErp: 1 } });
  expect(await sync(world, { kind: 'compare' })).toMatchObject({ counters: { changed: 0 } });
});
