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

test('a stored password goes along only to where it was tested', async () => {
  const { world, id, copy } = await original();
  const other = await copy({ name: 'Other', config: { database: 'other' } });
  expect(other).toMatchObject({ status: 400, json: { errors: [{ path: 'config.password' }] } });
  const entered = await copy({ name: 'Other', config: { database: 'other', password: goodPassword } });
  expect(entered).toMatchObject({ status: 201, json: { config: { database: 'other', password: { set: true } } } });
  expect(world.secrets.size).toBeGreaterThan(1);
  expect((await copy({ name: 'Other', config: { password: 'wrong' } })).status).toBe(422);
  expect((await world.send('GET', '/v1/connections')).json.items).toHaveLength(2);
  await world.change('DELETE', `/v1/connections/${id}`);
  expect((await copy({ name: 'Late' })).status).toBe(409);
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
