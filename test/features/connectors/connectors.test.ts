import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { addConnection, withCrm } from '../set-up-steps.ts';

const tryton = { kind: 'tryton', name: 'Tryton', url: 'https://erp.example.com' };

async function newWorld(): Promise<ApiWorld> {
  const world = new ApiWorld();
  await world.tenants();
  return world;
}

test('built-in kinds are listed with the fields a connection needs', async () => {
  const world = await newWorld();
  const { json } = await world.send('GET', '/v1/connector-types');
  expect(json.items).toMatchObject([{ kind: 'tryton', configFields: [{ key: 'database' }, {}, {}, {}] }]);
});

test('a connector is made, read, listed, changed and removed', async () => {
  const world = await newWorld();
  const made = await world.send('POST', '/v1/connectors', { body: tryton });
  expect(made).toMatchObject({ status: 201, json: { ...tryton, connections: 0 } });
  const path = `/v1/connectors/${made.json.id}`;
  expect(made.headers.location).toBe(path);
  expect((await world.send('GET', path)).json).toEqual(made.json);
  expect((await world.send('GET', '/v1/connectors')).json).toEqual({ items: [made.json] });
  const changed = await world.change('PUT', path, { ...tryton, name: 'Tryton 8' });
  expect(changed).toMatchObject({ status: 200, json: { name: 'Tryton 8' } });
  expect((await world.send('GET', `${path}/config-fields`)).json.items).toHaveLength(4);
  expect((await world.change('DELETE', path)).status).toBe(204);
  expect((await world.send('GET', path)).status).toBe(404);
});

test('every fault of a connector is named at once', async () => {
  const world = await newWorld();
  const body = { kind: 'sap', name: ' ', url: 'ftp://x', colour: 'red' };
  const { status, json } = await world.send('POST', '/v1/connectors', { body });
  expect(status).toBe(400);
  expect(json.errors.map((fault: { path: string }) => fault.path)).toEqual(['kind', 'name', 'url', 'colour']);
  expect(json.errors[0].message).toBe('There is no such kind; known: tryton');
});

test('changes need the present entity tag, and never the kind', async () => {
  const world = await newWorld();
  const { json } = await world.send('POST', '/v1/connectors', { body: tryton });
  const path = `/v1/connectors/${json.id}`;
  expect((await world.send('PUT', path, { body: tryton })).status).toBe(428);
  expect((await world.send('DELETE', path)).status).toBe(428);
  const headers = { 'if-match': '"7"' };
  expect((await world.send('PUT', path, { body: tryton, headers })).status).toBe(412);
  expect((await world.send('DELETE', path, { headers })).status).toBe(412);
});

test('a connector says whether something of its kind is there', async () => {
  const world = await newWorld();
  const { json } = await world.send('POST', '/v1/connectors', { body: tryton });
  expect((await world.send('POST', `/v1/connectors/${json.id}/test`)).json).toEqual({ ok: true });
  const lost = await world.send('POST', '/v1/connectors', {
    body: { ...tryton, name: 'Lost', url: 'https://nowhere.example.com' },
  });
  const failed = await world.send('POST', `/v1/connectors/${lost.json.id}/test`);
  expect(failed).toMatchObject({ status: 422, json: { explanation: 'connection refused' } });
});

test('a connector with connections cannot be removed, deleted ones included', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const connectionId = await addConnection(world);
  const { json } = await world.send('GET', '/v1/connectors');
  const path = `/v1/connectors/${json.items[0].id}`;
  expect((await world.change('DELETE', path)).status).toBe(409);
  await world.change('DELETE', `/v1/connections/${connectionId}`);
  expect((await world.change('DELETE', path)).status).toBe(409);
});

test('a connector of a kind that is no longer built in is refused in words', async () => {
  const world = await newWorld();
  const { json } = await world.send('POST', '/v1/connectors', { body: tryton });
  const systems = world.app.systems as { connectorTypes: typeof world.app.systems.connectorTypes };
  systems.connectorTypes = () => [];
  const fields = await world.send('GET', `/v1/connectors/${json.id}/config-fields`);
  expect(fields).toMatchObject({ status: 422, json: { type: 'misconfigured' } });
});
