/** A connection as the start of another one to the same ERP. */
import { expect, test } from 'vitest';
import { ApiWorld, goodPassword } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair } from '../set-up-steps.ts';

const mappingOf = (id: string) => `/v1/connections/${id}/actor-types/customer/mapping`;

async function original() {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 1);
  await connect(world, id, pair(1));
  await world.work();
  const allowances = { blanks: { share: 0.05, links: 10 } };
  const patched = await world.change('PATCH', `/v1/connections/${id}`, { description: 'The first', allowances });
  if (patched.status !== 200) throw new Error(JSON.stringify(patched.json));
  const copy = (body: object) => world.send('POST', `/v1/connections/${id}/copy`, { body });
  return { world, id, copy };
}

test('a copy has the mapping and the settings of its original, is inactive, comes last, and has no links', async () => {
  const { world, id, copy } = await original();
  const { status, json, headers } = await copy({ name: 'Second company' });
  expect(status).toBe(201);
  expect(headers.location).toBe(`/v1/connections/${json.id}`);
  const source = (await world.send('GET', `/v1/connections/${id}`)).json;
  const { config, description, intervalMinutes, allowances, connectorId } = source;
  expect(json).toMatchObject({ config, description, intervalMinutes, allowances, connectorId });
  expect(json).toMatchObject({ name: 'Second company', state: 'inactive', place: 1 });
  const [fields, copied] = [await world.send('GET', mappingOf(id)), await world.send('GET', mappingOf(json.id))];
  expect(copied.json.fields).toEqual(fields.json.fields);
  expect(copied.json.active).toBe(true);
  expect(copied.json).not.toHaveProperty('mappingVersion');
  expect((await world.send('GET', `/v1/links?connectionId=${json.id}`)).json.items).toEqual([]);
  expect((await world.send('POST', `/v1/connections/${json.id}/activate`)).status).toBe(200);
  expect((await world.send('GET', `/v1/connections/${id}`)).json.state).toBe('active');
});

test('the trail of a copy tells the mapping and the list pairs that it was given', async () => {
  const { world, copy } = await original();
  const { json } = await copy({ name: 'Second company' });
  const { items } = (await world.send('GET', `/v1/audit?subject=connection&id=${json.id}`)).json;
  expect(items.every(({ act }: { act: string }) => act === 'connection.copy')).toBe(true);
  const told = new Map(
    items
      .flatMap(({ changes }: { changes: object[] }) => changes)
      .map(({ path, ...values }: { path: string; new?: unknown }) => [path, values.new]),
  );
  expect(told.get('name')).toBe('Second company');
  expect(told.get('customer.active')).toBe(true);
  expect(told.get('customer.mapping.PHONE')).toMatchObject({ crmField: 'phone', direction: 'both' });
  expect(told.get('lists.country.1')).toBe('528');
});

test('a stored password goes along only to where it was tested', async () => {
  const { world, id, copy } = await original();
  const other = await copy({ name: 'Other', config: { database: 'other' } });
  expect(other).toMatchObject({ status: 400, json: { errors: [{ path: 'config.password' }] } });
  const entered = await copy({ name: 'Other', config: { database: 'other', password: goodPassword } });
  expect(entered).toMatchObject({ status: 201, json: { config: { database: 'other', password: { set: true } } } });
  expect(world.secrets.size).toBeGreaterThan(1);
  expect((await copy({ name: 'Third', config: { password: 'wrong' } })).status).toBe(422);
  expect((await world.send('GET', '/v1/connections')).json.items).toHaveLength(2);
  await world.change('DELETE', `/v1/connections/${id}`);
  expect((await copy({ name: 'Late' })).status).toBe(409);
});

const categories = { erpList: 'category', crmList: 'category' };
const pairsOf = (...pairs: [string, string][]) => pairs.map(([erpItem, crmItem]) => ({ erpItem, crmItem }));

/** An original that maps categories; its list of them is read once for itself and once for the copy. */
async function withPairs() {
  const { world, id, copy } = await original();
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const fields = [...customerMapping.fields, { erpField: 'CATEGORY', crmField: 'category', direction: 'both' }];
  await world.change('PUT', mappingOf(id), { active: true, fields });
  const lists = [{ ...categories, pairs: pairsOf(['A', '7'], ['B', '8']) }];
  const saved = await world.change('PUT', `/v1/connections/${id}/list-mappings`, { lists });
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.json));
  const pairs = async (of: string) => {
    const { json } = await world.send('GET', `/v1/connections/${of}/list-mappings?erpList=category`);
    return json.lists[0].pairs.map(({ erpItem }: { erpItem: string }) => erpItem);
  };
  return { world, id, copy, pairs };
}

test('a copy has the list pairs of its original, and can be activated', async () => {
  const { world, id, copy, pairs } = await withPairs();
  const { json } = await copy({ name: 'Second company' });
  expect([await pairs(json.id), await pairs(id)]).toEqual([
    ['A', 'B'],
    ['A', 'B'],
  ]);
  expect((await world.send('POST', `/v1/connections/${json.id}/activate`)).status).toBe(200);
});

test('to another company only pairs of items go along that both ERPs show by the same text', async () => {
  const { world, copy, pairs } = await withPairs();
  const listItems = world.erp.listItems.bind(world.erp);
  const read: string[] = [];
  world.erp.listItems = async (name, language) => {
    const items = await listItems(name, language);
    read.push(name);
    const isOfCopy = read.filter((one) => one === name).length > 1;
    return isOfCopy ? items.map((item) => (item.key === 'A' ? { ...item, text: 'Bad' } : item)) : items;
  };
  const { status, json } = await copy({ name: 'Other', config: { database: 'other', password: goodPassword } });
  expect(status).toBe(201);
  expect(await pairs(json.id)).toEqual(['B']);
});

test('a suspended ERP is not asked what its items are: its copy for another company is refused, one for the same is not', async () => {
  const { world, id, copy } = await withPairs();
  const stored = await world.app.connections.get(world.tenantId, id);
  if (!stored) throw new Error('it is there');
  const suspension = { kind: 'unauthorised', at: stored.createdAt } as const;
  await world.app.connections.replace({ ...stored, state: 'suspended', suspension });
  const other = { name: 'Other', config: { database: 'other', password: goodPassword } };
  expect(await copy(other)).toMatchObject({ status: 409, json: { detail: expect.stringContaining('suspended') } });
  expect((await copy({ name: 'Same' })).status).toBe(201);
});

test('changes of a copy leave the original alone', async () => {
  const { world, id, copy } = await original();
  const { json } = await copy({ name: 'Second company' });
  const fields = customerMapping.fields.slice(0, 1);
  expect((await world.change('PUT', mappingOf(json.id), { active: true, fields })).status).toBe(200);
  expect((await world.send('GET', mappingOf(id))).json.fields.length).toBeGreaterThan(1);
});

test('a copy of another tenant, of nothing or without a name is refused', async () => {
  const { world, id, copy } = await original();
  expect((await copy({})).json.errors).toMatchObject([{ path: 'name' }]);
  const body = { name: 'x' };
  const foreign = await world.send('POST', `/v1/connections/${id}/copy`, { body, tenantId: world.otherTenantId });
  expect(foreign.status).toBe(404);
  expect((await world.send('POST', '/v1/connections/none/copy', { body })).status).toBe(404);
  expect((await world.send('POST', `/v1/connections/${id}/copy`, { body, role: 'service' })).status).toBe(403);
});
