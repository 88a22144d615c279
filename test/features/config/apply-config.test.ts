import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { addConnection, withCrm } from '../set-up-steps.ts';
import { apply, emptyTenant, exported, filled, plan, wholeWorld } from './config-world.ts';

const nothingChanged = { same: true, complete: true, leftAlone: [] };

test('what is exported changes nothing where it comes from, and tells no secret', async () => {
  const world = await wholeWorld();
  const file = await exported(world);
  expect(file.connections[0].config).toEqual({
    ...{ database: 'demo', timeout: 30, user: 'sync' },
    password: `\${env:DEMO_ERP_PASSWORD}`,
  });
  const before = JSON.stringify(await world.standing());
  expect((await plan(world, filled(file))).json).toMatchObject(nothingChanged);
  expect((await apply(world, filled(file))).json).toMatchObject(nothingChanged);
  expect(JSON.stringify(await world.standing())).toBe(before);
});

test('applied to an empty tenant it makes the same set-up, and once', async () => {
  const world = await wholeWorld();
  const file = await exported(world);
  const to = await emptyTenant(world);
  const planned = await plan(world, filled(file), to);
  expect(planned.json).toMatchObject({ same: false, connections: [{ name: 'Demo ERP', outcome: 'made', errors: [] }] });
  expect(await exported(world, to)).toEqual({ version: 1, connectors: [], connections: [] });
  const applied = await apply(world, filled(file), to);
  expect(applied.json).toEqual(planned.json);
  expect(await exported(world, to)).toEqual(file);
  expect((await apply(world, filled(file), to)).json).toMatchObject(nothingChanged);
  const [made] = (await world.send('GET', '/v1/connections', to)).json.items;
  expect(made.state).toBe('inactive');
});

test('an empty file changes nothing and says what it leaves alone', async () => {
  const world = await wholeWorld();
  const { json } = await apply(world, { version: 1, connectors: [], connections: [] });
  expect(json).toMatchObject({
    same: true,
    leftAlone: [
      { kind: 'connector', name: 'Tryton' },
      { kind: 'connection', name: 'Demo ERP' },
    ],
  });
  const fresh = new ApiWorld();
  await withCrm(fresh);
  expect(await exported(fresh)).toEqual({ version: 1, connectors: [], connections: [] });
});

test('a change is told with old and new, and made in the ways of its ordinary operation', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const [connection] = file.connections;
  connection.description = 'In Antwerp';
  connection.config.timeout = 60;
  const { customer } = connection.actorTypes;
  customer.fields.find(({ erpField }: { erpField: string }) => erpField === 'PHONE').direction = 'toCrm';
  customer.defaults = [{ erpField: 'PHONE', value: '+32 1' }];
  delete customer.fieldOrder;
  delete customer.filter;
  connection.lists[0].pairs[1].crmItem = '9';
  const planned = await plan(world, file);
  expect(planned.json.connections).toEqual([
    {
      name: 'Demo ERP',
      outcome: 'changed',
      errors: [],
      changes: [
        { path: 'actorTypes.customer.defaults.COUNTRY.ask', old: true },
        { path: 'actorTypes.customer.defaults.COUNTRY.erpField', old: 'COUNTRY' },
        { path: 'actorTypes.customer.defaults.COUNTRY.mandatory', old: false },
        { path: 'actorTypes.customer.defaults.COUNTRY.value', old: '2' },
        { path: 'actorTypes.customer.defaults.PHONE.value', old: '+31 1', new: '+32 1' },
        {
          path: 'actorTypes.customer.fieldOrder',
          old: ['VATNO', 'NAME', 'NUMBER1', 'PHONE', 'COUNTRY', 'CATEGORY', 'BLOCKED'],
        },
        { path: 'actorTypes.customer.fields.PHONE.direction', old: 'both', new: 'toCrm' },
        { path: 'actorTypes.customer.filter', old: [{ field: 'BLOCKED', operator: '=', values: [false] }] },
        { path: 'config.timeout', old: 30, new: 60 },
        { path: 'description', old: 'In Utrecht', new: 'In Antwerp' },
        { path: 'lists.category.B', old: '8', new: '9' },
      ],
    },
  ]);
  const before = await exported(world);
  expect((await apply(world, file)).json).toEqual(planned.json);
  const { json } = await world.send('GET', '/v1/audit?limit=5');
  expect(json.items.map(({ act }: { act: string }) => act).toSorted()).toEqual([
    ...['connection.change', 'defaults.change', 'field-order.change', 'list-mapping.change', 'mapping.change'],
  ]);
  const id = (await world.send('GET', '/v1/connections')).json.items[0].id;
  const versions = await world.send('GET', `/v1/connections/${id}/actor-types/customer/mapping/versions`);
  expect(
    versions.json.items.map(({ number, changed }: { number: number; changed: string[] }) => [number, changed]),
  ).toEqual([
    [2, ['filter', 'mapping.PHONE']],
    [1, expect.any(Array)],
  ]);
  expect((await plan(world, file)).json.same).toBe(true);
  const undone = await apply(world, filled(before));
  expect([undone.status, await exported(world)]).toEqual([200, before]);
});

test('of two files at once one is applied, and what neither found is made once', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const to = await emptyTenant(world);
  const both = await Promise.all([apply(world, file, to), apply(world, file, to)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(both.find(({ status }) => status === 409)?.json.detail).toMatch(/Another file is being applied/);
  expect((await apply(world, file, to)).json).toMatchObject(nothingChanged);
  expect((await plan(world, file)).json).toMatchObject(nothingChanged);
});

test('an order of fields that is the own one of the ERP is no difference', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const { customer } = file.connections[0].actorTypes;
  customer.fieldOrder = ['NAME', 'NUMBER1', 'PHONE', 'VATNO', 'COUNTRY', 'CATEGORY', 'BLOCKED'];
  expect((await apply(world, file)).json.same).toBe(false);
  expect((await apply(world, file)).json).toMatchObject(nothingChanged);
});

test('rows that an activation proposes are no difference to a file from before', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const { id } = (await world.send('GET', '/v1/connections')).json.items[0];
  expect((await world.send('POST', `/v1/connections/${id}/activate`)).status).toBe(200);
  const { fields } = (await exported(world)).connections[0].actorTypes.customer;
  expect(fields.length).toBeGreaterThan(file.connections[0].actorTypes.customer.fields.length);
  expect((await plan(world, file)).json).toMatchObject(nothingChanged);
  file.connections[0].description = 'Now';
  expect((await apply(world, file)).json.connections[0]).toMatchObject({ outcome: 'changed', errors: [] });
  expect((await exported(world)).connections[0].actorTypes.customer.fields).toEqual(fields);
});

test('the order of connections in the file is their sync order, and those that it does not name keep their places', async () => {
  const world = await wholeWorld();
  for (const name of ['Second', 'Third']) await addConnection(world, name);
  const file = filled(await exported(world));
  file.connections = [file.connections[2], file.connections[0]];
  const { json } = await apply(world, file);
  expect(json).toMatchObject({
    same: false,
    order: { old: ['Demo ERP', 'Second', 'Third'], new: ['Third', 'Second', 'Demo ERP'] },
    leftAlone: [{ kind: 'connection', name: 'Second' }],
  });
  const names = (await exported(world)).connections.map(({ name }: { name: string }) => name);
  expect(names).toEqual(['Third', 'Second', 'Demo ERP']);
  expect((await plan(world, file)).json.same).toBe(true);
});

test('a connection that is made while a file puts the others in order comes last, and the file is applied', async () => {
  const world = await wholeWorld();
  await addConnection(world, 'Second');
  const file = filled(await exported(world));
  file.connections.reverse();
  const { inOrder } = world.app.connections;
  let reads = 0;
  world.app.connections.inOrder = async (tenantId) => {
    const before = await inOrder(tenantId);
    reads += 1;
    // The first read is what the order is made of.
    if (reads === 1) await addConnection(world, 'Late');
    return before;
  };
  expect(await apply(world, file)).toMatchObject({ status: 200, json: { order: { new: ['Second', 'Demo ERP'] } } });
  expect(reads).toBeGreaterThan(0);
  const names = (await exported(world)).connections.map(({ name }: { name: string }) => name);
  expect(names).toEqual(['Second', 'Demo ERP', 'Late']);
});

test('a set-up of 20 connections is one body, and is applied in one request', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const [one] = file.connections;
  const items = Array.from({ length: 250 }, (_, n) => ({ key: `${n}`, text: `Country ${n}` }));
  world.erp.listItems = async () => items;
  world.crm.listItems = async () => items;
  one.lists[1].pairs = items.map(({ key }) => ({ erpItem: key, crmItem: key }));
  one.lists[0].pairs = one.lists[1].pairs.slice(0, 40);
  file.connections = Array.from({ length: 20 }, (_, n) => ({ ...one, name: `Company ${n}` }));
  expect(JSON.stringify(file).length).toBeLessThan(500_000);
  const { json } = await apply(world, file);
  expect(json.connections.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(20).fill('made'));
  expect((await plan(world, file)).json).toMatchObject({ same: true, leftAlone: [{ name: 'Demo ERP' }] });
});
