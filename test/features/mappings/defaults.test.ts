/** Default values and the order of fields, from the request that sets them. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addConnection, withCrm } from '../set-up-steps.ts';

const typePath = (id: string) => `/v1/connections/${id}/actor-types/customer`;

async function inactive() {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const save = (defaults: unknown) => world.change('PUT', `${typePath(id)}/defaults`, { defaults });
  return { world, id, save };
}

test('defaults are saved and read back with the fields that can have one; what the ERP requires is mandatory always', async () => {
  const { world, id, save } = await inactive();
  const defaults = [
    { erpField: 'NAME', ask: true },
    { erpField: 'PHONE', value: '+31 20', ask: true, mandatory: true },
    { erpField: 'COUNTRY', value: '1' },
  ];
  const saved = await save(defaults);
  expect(saved.status).toBe(200);
  expect(saved.json.defaults).toEqual([
    { erpField: 'NAME', ask: true, mandatory: true },
    { erpField: 'PHONE', value: '+31 20', ask: true, mandatory: true },
    { erpField: 'COUNTRY', value: '1', ask: false, mandatory: false },
  ]);
  const read = await world.send('GET', `${typePath(id)}/defaults`);
  expect(read.json).toEqual(saved.json);
  const keys = read.json.fields.map(({ key }: { key: string }) => key);
  expect([keys.includes('PHONE'), keys.includes('NUMBER1')]).toEqual([true, false]);
  expect((await save(read.json.defaults)).status).toBe(200);
});

test('every fault is named with its place, a list is asked for its items', async () => {
  const { save } = await inactive();
  const wrong = [{ erpField: 'NUMBER1', value: '1' }, { erpField: 'COUNTRY', value: '99' }, { erpField: 'PHONE' }];
  expect(await save(wrong)).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'defaults[0].erpField' }, { path: 'defaults[1].value' }, { path: 'defaults[2]' }] },
  });
});

test('defaults and order change only while the connection is inactive, from the revision that was read', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const order = { erpFields: ['NAME'] };
  const etag = String((await world.send('GET', `${typePath(id)}/defaults`)).headers.etag);
  for (const [path, body] of [
    ['defaults', { defaults: [{ erpField: 'NAME', ask: true }] }],
    ['field-order', order],
  ] as const) {
    const put = (headers: Record<string, string>) => world.send('PUT', `${typePath(id)}/${path}`, { body, headers });
    expect((await put({ 'if-match': etag })).status).toBe(409);
    expect((await put({})).status).toBe(428);
    await world.send('POST', `/v1/connections/${id}/deactivate`);
    expect((await put({ 'if-match': '"99"' })).status).toBe(412);
    await world.send('POST', `/v1/connections/${id}/activate`);
    expect((await world.send('PUT', `${typePath(id)}/${path}`, { body, role: 'service' })).status).toBe(403);
    const foreign = { body, tenantId: world.otherTenantId, headers: { 'if-match': '*' } };
    expect((await world.send('PUT', `${typePath(id)}/${path}`, foreign)).status).toBe(404);
  }
});

test('fields are shown in the order that was saved, and the mapping is left alone by it', async () => {
  const { world, id } = await inactive();
  const fields = async () => {
    const types = (await world.send('GET', `/v1/connections/${id}/actor-types`)).json.items;
    return types[0].fields.map(({ key }: { key: string }) => key);
  };
  const order = (await fields()).toReversed();
  const { json } = await world.send('GET', `${typePath(id)}/mapping`);
  const saved = await world.change('PUT', `${typePath(id)}/field-order`, { erpFields: order });
  expect(saved).toMatchObject({ status: 200, json: { erpFields: order } });
  expect(await fields()).toEqual(order);
  expect((await world.send('GET', `${typePath(id)}/mapping`)).json).toEqual(json);
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  expect(await fields()).toEqual(order);
});

test('a default of a field that is gone is kept, told, and a reason against activation', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await world.change('PUT', `${typePath(id)}/defaults`, { defaults: [{ erpField: 'BLOCKED', value: true }] });
  const describe = world.erp.describe.bind(world.erp);
  world.erp.describe = async (type) => (await describe(type)).filter(({ key }) => key !== 'BLOCKED');
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  expect((await world.send('GET', `${typePath(id)}/defaults`)).json.defaults).toMatchObject([{ erpField: 'BLOCKED' }]);
  expect(await world.send('POST', `/v1/connections/${id}/activate`)).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'actorTypes.customer.defaults.BLOCKED' }] },
  });
});
