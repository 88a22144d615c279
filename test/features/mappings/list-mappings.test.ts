import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { dispatchPoll } from '../../../functions/sync/runs/dispatch-poll.ts';
import { ApiWorld } from '../api-world.ts';
import { addConnection, connect, customerMapping, pair, saveMapping, withCrm } from '../set-up-steps.ts';

const categoryRow = { erpField: 'CATEGORY', crmField: 'category', direction: 'both' };
const categories = (...pairs: [string, string][]) => ({
  erpList: 'category',
  crmList: 'category',
  pairs: pairs.map(([erpItem, crmItem]) => ({ erpItem, crmItem })),
});

/** An inactive connection that maps categories, as far as told. */
async function newWorld(direction = 'both') {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const fields = [...customerMapping.fields, { ...categoryRow, direction }];
  await saveMapping(world, id, { active: true, fields });
  const path = `/v1/connections/${id}/list-mappings`;
  const put = (...lists: unknown[]) => world.change('PUT', path, { lists });
  const activate = () => world.send('POST', `/v1/connections/${id}/activate`);
  return { world, id, path, put, activate };
}

test('no list is offered before a list field is mapped', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const path = `/v1/connections/${id}/list-mappings`;
  expect((await world.send('GET', path)).json).toEqual({ lists: [] });
  await saveMapping(world, id, customerMapping);
  const { json } = await world.send('GET', path);
  expect(json.lists.map(({ erpList }: { erpList: string }) => erpList)).toEqual(['country']);
});

test('what is not mapped is shown with what it may be, and nothing of it is applied by itself', async () => {
  const { world, path, put } = await newWorld();
  const { json, headers } = await world.send('GET', `${path}?erpList=category`);
  expect(headers.etag).toBe('"0"');
  expect(json.lists).toEqual([
    {
      erpList: 'category',
      crmList: 'category',
      fields: [{ actorType: 'customer', erpField: 'CATEGORY', crmField: 'category', direction: 'both' }],
      shared: false,
      paired: false,
      pairs: [],
      unmapped: [
        { erpItem: 'A', erpText: 'Good', proposal: { crmItem: '7', crmText: 'Good', by: 'text' } },
        { erpItem: 'B', erpText: ' prospéct ', proposal: { crmItem: '8', crmText: 'Prospect', by: 'text' } },
        { erpItem: 'C', erpText: 'Never met' },
      ],
    },
  ]);
  const saved = await put(categories(['A', '7']));
  expect([saved.status, saved.headers.etag]).toEqual([200, '"1"']);
  const [list] = (await world.send('GET', `${path}?erpList=category`)).json.lists;
  expect(list.pairs).toEqual([{ erpItem: 'A', erpText: 'Good', crmItem: '7', crmText: 'Good' }]);
  expect(list.unmapped.map(({ erpItem }: { erpItem: string }) => erpItem)).toEqual(['B', 'C']);
});

test('texts are in the language of who asks, where the system has it', async () => {
  const { world, id, path } = await newWorld();
  const headers = { 'accept-language': 'nl, en;q=0.5' };
  const textOf = async (asked: string, sent = {}) => (await world.send('GET', asked, sent)).json.items[0].text;
  expect(await textOf(`/v1/connections/${id}/lists/category`)).toBe('Good');
  expect(await textOf(`/v1/connections/${id}/lists/category`, { headers })).toBe('Goed');
  const { json } = await world.send('GET', `${path}?erpList=category`, { headers });
  expect(json.lists[0].unmapped[0].erpText).toBe('Goed');
});

test('every fault of a list mapping is named with its place', async () => {
  const { put } = await newWorld();
  const twice = await put(categories(['A', '7'], ['B', '8'], ['A', '9'], ['C', '8'], ['X', '7'], ['B', 'Y']));
  expect(twice.status).toBe(400);
  expect(twice.json.errors).toEqual([
    { path: 'lists[0].pairs[2].erpItem', message: 'Is mapped in pairs[0] too' },
    {
      path: 'lists[0].pairs[3].crmItem',
      message:
        'Is mapped in pairs[1] too, and CATEGORY of customer is written to the ERP, where a CRM item can be one item only',
    },
    {
      path: 'lists[0].pairs[4].crmItem',
      message:
        'Is mapped in pairs[0] too, and CATEGORY of customer is written to the ERP, where a CRM item can be one item only',
    },
    { path: 'lists[0].pairs[5].erpItem', message: 'Is mapped in pairs[1] too' },
    { path: 'lists[0].pairs[4].erpItem', message: 'The ERP has no such item' },
    { path: 'lists[0].pairs[5].crmItem', message: 'The CRM has no such item' },
  ]);
  const unknown = await put(categories(), { ...categories(), crmList: 'country' }, categories());
  expect(unknown.json.errors).toEqual([
    { path: 'lists[1]', message: 'No mapped field joins these two lists' },
    { path: 'lists[2]', message: 'These two lists are in lists[0] too' },
  ]);
});

test('several ERP items are one CRM item only where nothing goes to the ERP, and activation says so too', async () => {
  const { world, id, put, activate } = await newWorld('toCrm');
  const shared = await put(categories(['A', '7'], ['B', '7']));
  expect([shared.status, shared.json.lists.at(-1).shared]).toEqual([200, true]);
  const fields = [...customerMapping.fields, categoryRow];
  await saveMapping(world, id, { active: true, fields });
  const refused = await activate();
  expect(refused.status).toBe(422);
  expect(refused.json.errors).toEqual([
    {
      path: 'lists.category.B',
      message:
        'Is mapped to the same CRM item as A, and CATEGORY of customer is written to the ERP, where a CRM item can be one item only',
    },
  ]);
});

test('a connection whose lists are not mapped is not activated', async () => {
  const { put, activate } = await newWorld();
  const refused = await activate();
  expect(refused.json.errors).toEqual([
    {
      path: 'lists.category',
      message: "Its items are not mapped to those of the CRM's list category, as CATEGORY of customer needs",
    },
  ]);
  await put(categories());
  expect((await activate()).status).toBe(200);
});

test('an item that is gone from its system is shown as gone, and its pair is kept until it is changed', async () => {
  const { world, path, put } = await newWorld();
  await put(categories(['A', '7'], ['B', '8']));
  const { listItems } = world.erp;
  world.erp.listItems = async (name) => (await listItems.call(world.erp, name)).filter(({ key }) => key !== 'A');
  const [list] = (await world.send('GET', `${path}?erpList=category`)).json.lists;
  expect(list.pairs[0]).toEqual({ erpItem: 'A', erpGone: true, crmItem: '7', crmText: 'Good' });
  expect((await put(categories(['A', '7'], ['B', '9']))).status).toBe(200);
  expect((await put(categories(['A', '8']))).json.errors).toEqual([
    { path: 'lists[0].pairs[0].erpItem', message: 'The ERP has no such item' },
  ]);
});

test('countries are paired by their codes, and what a person leaves out stays left out', async () => {
  const { world, id, path, put } = await newWorld();
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  const pairsOf = async () => {
    const [list] = (await world.send('GET', `${path}?erpList=country`)).json.lists;
    return list.pairs.map(({ erpItem, crmItem }: { erpItem: string; crmItem: string }) => [erpItem, crmItem]);
  };
  expect(await pairsOf()).toEqual([
    ['1', '528'],
    ['2', '56'],
  ]);
  await put({ erpList: 'country', crmList: 'country', pairs: [{ erpItem: '3', crmItem: '528' }] });
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  expect(await pairsOf()).toEqual([['3', '528']]);
});

test('lists that are not named keep their pairs, and a stale tag changes nothing', async () => {
  const { world, path, put } = await newWorld();
  await put(categories(['A', '7']));
  await put({ erpList: 'country', crmList: 'country', pairs: [] });
  const stale = await world.send('PUT', path, { body: { lists: [categories()] }, headers: { 'if-match': '"1"' } });
  expect(stale.status).toBe(412);
  expect((await world.send('PUT', path, { body: { lists: [] } })).status).toBe(428);
  const [, list] = (await world.send('GET', path)).json.lists;
  expect(list.pairs).toHaveLength(1);
});

test('while the connection is active an item that has no pair can be mapped, and nothing else changed', async () => {
  const { world, put, activate } = await newWorld();
  await put(categories(['A', '7']));
  await activate();
  const refused = await put(categories(['A', '8']));
  expect([refused.status, refused.json.errors]).toEqual([
    409,
    [{ path: 'lists[0].pairs', message: 'The pair of the ERP item A is changed' }],
  ]);
  expect((await put(categories())).status).toBe(409);
  expect((await put(categories(['A', '7'], ['B', '8']))).status).toBe(200);
  await world.work();
});

test('an item met in a sync is counted by the links that wait and listed; once it is mapped they go by themselves', async () => {
  const { world, id, put, activate } = await newWorld();
  await put(categories(['A', '7']));
  await activate();
  for (const [at, category] of ['B', 'B', 'C', 'A'].entries()) {
    world.erp.edit('party', `p${at}`, { NAME: `Firm ${at}`, COUNTRY: '1', CATEGORY: category });
    world.crm.edit('contact', `c${at}`, { name: `Firm ${at}`, country: '528' });
  }
  await connect(world, id, pair(0), pair(1), pair(2), pair(3));
  await world.work();
  const unmapped = `/v1/connections/${id}/unmapped-items`;
  const fields = (links: number) => [{ actorType: 'customer', erpField: 'CATEGORY', crmField: 'category', links }];
  const lists = { erpList: 'category', crmList: 'category', side: 'erp' };
  expect((await world.send('GET', unmapped)).json.items).toEqual([
    { ...lists, item: 'B', text: ' prospéct ', links: 2, fields: fields(2) },
    { ...lists, item: 'C', text: 'Never met', links: 1, fields: fields(1) },
  ]);
  const category = (at: number) => world.crm.valuesOf('contact', `c${at}`).category ?? null;
  expect([0, 1, 2, 3].map(category)).toEqual([null, null, null, '7']);
  await put(categories(['A', '7'], ['B', '8']));
  expect((await world.send('GET', unmapped)).json.items.map(({ item }: { item: string }) => item)).toEqual(['C']);
  await world.work();
  expect([0, 1, 2, 3].map(category)).toEqual(['8', '8', null, '7']);
  const open = (await world.send('GET', '/v1/failures')).json.items;
  expect(open).toMatchObject([{ fields: [{ field: 'CATEGORY~category', reason: 'unmapped-list-item' }] }]);
  world.erpError = () => new SyncError('transient', 'Nothing answers.');
  expect((await world.send('GET', unmapped)).json.items).toEqual([
    { ...lists, item: 'C', links: 1, fields: fields(1) },
  ]);
});

test('several items of one record, which are mapped to nothing, are read by the texts of all', async () => {
  const { world, id, put, activate } = await newWorld();
  await put(categories(['A', '7']));
  await activate();
  world.erp.listItems = async (list, language) =>
    list === 'category' ? ['A', 'C'].map((key) => ({ key, text: `${key} in ${language ?? 'its own'}` })) : [];
  world.erp.edit('party', 'p0', { NAME: 'Firm 0', COUNTRY: '1', CATEGORY: 'A+C' });
  world.crm.edit('contact', 'c0', { name: 'Firm 0', country: '528' });
  await connect(world, id, pair(0));
  await world.work();
  const headers = { 'accept-language': 'nl' };
  const text = 'A in nl + C in nl';
  const { json } = await world.send('GET', `/v1/connections/${id}/unmapped-items`, { headers });
  expect(json.items).toMatchObject([{ item: 'A+C', text, links: 1 }]);
  const actor = await world.send('GET', `/v1/connections/${id}/actors/customer/p0`, { headers });
  expect(actor.json.fields).toContainEqual(expect.objectContaining({ key: 'CATEGORY', value: 'A+C', text }));
});

test('each changed pair stands in the trail under its list and item', async () => {
  const { world, put } = await newWorld();
  await put(categories(['A', '7'], ['B', '8']));
  await put(categories(['A', '9'], ['C', '8']));
  await put(categories(['A', '9'], ['C', '8']));
  const { json } = await world.send('GET', '/v1/audit?subject=connection');
  const acts = json.items.filter(({ act }: { act: string }) => act === 'list-mapping.change');
  expect(acts.map(({ changes }: { changes: unknown }) => changes)).toEqual([
    [
      { path: 'lists.category.A', old: '7', new: '9' },
      { path: 'lists.category.B', old: '8' },
      { path: 'lists.category.C', new: '8' },
    ],
    [
      { path: 'lists.category.A', new: '7' },
      { path: 'lists.category.B', new: '8' },
    ],
  ]);
});

test('list mappings and what waits are of their tenant and for those who may', async () => {
  const { world, path, id } = await newWorld();
  for (const asked of [path, `/v1/connections/${id}/unmapped-items`]) {
    expect((await world.send('GET', asked, { tenantId: world.otherTenantId })).status).toBe(404);
    expect((await world.send('GET', asked, { role: 'user' })).status).toBe(403);
    expect((await world.send('GET', asked, { role: 'service' })).status).toBe(200);
  }
  const sent = { body: { lists: [] }, headers: { 'if-match': '"0"' } };
  expect((await world.send('PUT', path, { ...sent, role: 'service' })).status).toBe(403);
  expect((await world.send('PUT', path, { ...sent, tenantId: world.otherTenantId })).status).toBe(404);
});

test('lists of 5,000 items are mapped in one request, changed by one pair, and shown', async () => {
  const { world, path, put } = await newWorld();
  const items = (prefix: string) =>
    Array.from({ length: 5_000 }, (_, n) => ({ key: `${prefix}${n}`, text: `Item ${n}` }));
  const [erp, crm] = [items('erp-item-'), items('crm-item-')];
  world.erp.listItems = async () => erp;
  world.crm.listItems = async () => crm;
  const all = erp.map(({ key }, n): [string, string] => [key, `crm-item-${n}`]);
  expect((await put(categories(...all.slice(1)))).status).toBe(200);
  expect(world.storageCalls).toBeLessThanOrEqual(4);
  const saved = await put(categories(...all));
  expect([saved.status, saved.json.lists[1].pairs.length]).toEqual([200, 5_000]);
  const { json } = await world.send('GET', `${path}?erpList=category`);
  expect([json.lists[0].pairs.length, json.lists[0].unmapped]).toEqual([5_000, []]);
  expect(world.storageCalls).toBeLessThanOrEqual(3);
  const { json: trail } = await world.send('GET', '/v1/audit?limit=1');
  expect(trail.items[0].changes).toEqual([{ path: 'lists.category.erp-item-0', new: 'crm-item-0' }]);
});

test('a pair that is changed while the connection is inactive starts a comparison at its activation', async () => {
  const { world, id, put, activate } = await newWorld();
  await put(categories(['A', '7']));
  await activate();
  world.erp.edit('party', 'p1', { NAME: 'Firm', COUNTRY: '1', CATEGORY: 'A' });
  world.crm.edit('contact', 'c1', { name: 'Firm', country: '528', category: '7' });
  await connect(world, id, pair(1));
  await world.work();
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await put(categories(['A', '9']));
  await activate();
  const runs = (await world.send('GET', '/v1/sync-runs')).json.items;
  expect(runs[0]).toMatchObject({ kind: 'compare', scope: { kind: 'actor-type', actorType: 'customer' } });
  await world.work();
  const differing = (await world.send('GET', `/v1/links?connectionId=${id}&differing=true`)).json.items;
  expect(differing).toHaveLength(1);
});

test('what is mapped while the engine is stopped goes once it runs', async () => {
  const { world, id, put, activate } = await newWorld();
  await put(categories(['A', '7']));
  await activate();
  world.erp.edit('party', 'p1', { NAME: 'Firm', COUNTRY: '1', CATEGORY: 'B' });
  world.crm.edit('contact', 'c1', { name: 'Firm', country: '528' });
  await connect(world, id, pair(1));
  await world.work();
  await world.change('PUT', '/v1/engine', { running: false, defaultIntervalMinutes: 5 });
  expect((await put(categories(['A', '7'], ['B', '8']))).status).toBe(200);
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').category ?? null).toBeNull();
  await world.change('PUT', '/v1/engine', { running: true, defaultIntervalMinutes: 5 });
  world.nowMs += 3_600_000;
  await dispatchPoll(world.app, { tenantId: world.tenantId, connectionId: id });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').category).toBe('8');
});

test('an item whose key no pair can be kept by is refused in words, by a file too, and paired by nobody', async () => {
  const { world, id, path, put } = await newWorld();
  for (const [system, key] of [
    [world.erp, '__proto__'],
    [world.crm, '999'],
  ] as const) {
    const { country = [], category = [] } = system.options.lists ?? {};
    const odd = { key, text: 'Odd', code: 'XX' };
    Object.assign(system.options, { lists: { country: [...country, odd], category: [...category, odd] } });
  }
  const message = 'An item of the ERP with this key cannot be mapped: leave it out';
  const refused = await put(categories(['A', '7'], ['__proto__', '999']));
  expect([refused.status, refused.json.errors]).toEqual([400, [{ path: 'lists[0].pairs[1].erpItem', message }]]);
  expect((await put(categories(['A', '7']))).status).toBe(200);

  const { json: file } = await world.send('GET', '/v1/config/export');
  const lists = file.connections[0].lists as ReturnType<typeof categories>[];
  lists.find(({ erpList }) => erpList === 'category')?.pairs.push({ erpItem: '__proto__', crmItem: '999' });
  const planned = await world.send('POST', '/v1/config/plan', { body: file });
  const place = 'connections[0].lists[0].pairs[1].erpItem';
  expect(planned.json.connections[0].errors).toContainEqual({ path: place, message });

  const refreshed = async () => {
    expect((await world.send('POST', `/v1/connections/${id}/refresh-metadata`)).status).toBe(200);
    return (await world.send('GET', path)).headers.etag;
  };
  const once = await refreshed();
  expect(await refreshed()).toBe(once);
});

test.each(['erp', 'crm'] as const)('an answer of the %s that is too large to be read is told as one', async (side) => {
  const { world, id, path } = await newWorld();
  world[side].listItems = async () => {
    throw new SyncError('too-large', "The system's answer is larger than 10 bytes: no more of it is read.");
  };
  const of = { erp: `/v1/connections/${id}/lists/category`, crm: '/v1/crm/lists/category' }[side];
  for (const asked of [of, path]) {
    const { status, json } = await world.send('GET', asked);
    expect([status, json.detail]).toEqual([413, expect.stringMatching(/^The system's answer is larger/)]);
  }
});
