import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld, goodPassword } from '../api-world.ts';
import { addConnection, withCrm } from '../set-up-steps.ts';
import {
  apply,
  emptyTenant,
  exported,
  type File,
  filled,
  nameUnclaimed,
  plan,
  renameConnector,
  setUpWhole,
  wholeWorld,
} from './config-world.ts';

const wrong = 'wrong horse';

/** Plan and apply say the same, and nothing is changed. */
async function refusedAlike(world: ApiWorld, file: File, sent = {}) {
  const before = await exported(world, sent);
  const planned = await plan(world, file, sent);
  const applied = await apply(world, file, sent);
  expect(applied.json).toEqual({ ...planned.json, ...(applied.status >= 400 && { instance: expect.any(String) }) });
  expect(await exported(world, sent)).toEqual(before);
  return applied;
}

test('every fault of a file is named with its place in it, all at once, in the words of the ordinary operations', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const [connection] = file.connections;
  file.connections = [{ ...structuredClone(connection), name: 'Another', actorTypes: {}, lists: [] }, connection];
  const { customer } = connection.actorTypes;
  customer.fields[1] = { erpField: 'NO', crmField: 'nothing', direction: 'both' };
  customer.filter = [{ field: 'BLOCKED', operator: 'contains', values: ['x'] }];
  customer.defaults = [{ erpField: 'COUNTRY', value: '99' }];
  customer.fieldOrder = ['NAME', 'NAME'];
  connection.actorTypes.partner = { active: true, fields: [] };
  connection.lists[0].pairs = [{ erpItem: 'Z', crmItem: '7' }];
  connection.lists[1] = { erpList: 'terms', crmList: 'terms', pairs: [] };
  connection.scope.groups = ['99'];
  const before = (await exported(world)).connections;
  const { json } = await apply(world, file);
  const at = 'connections[1].actorTypes.customer';
  const places = json.connections[1].errors.map(({ path }: { path: string }) => path);
  expect(places).toEqual([
    'connections[1].scope.groups[0]',
    'connections[1].actorTypes.partner',
    `${at}.fields[1].erpField`,
    `${at}.fields[1].crmField`,
    `${at}.filter[0].operator`,
    `${at}.defaults[0].value`,
    `${at}.fieldOrder[1]`,
    ...Array(6).fill(`${at}.fieldOrder`),
    'connections[1].lists[1]',
    'connections[1].lists[0].pairs[0].erpItem',
  ]);
  expect(json.connections[1].errors).toContainEqual({
    path: `${at}.fields[1].erpField`,
    message: 'The ERP has no such field',
  });
  expect(json.connections[0].outcome).toBe('made');
  expect((await exported(world)).connections.filter(({ name }: { name: string }) => name !== 'Another')).toEqual(
    before,
  );
});

test('a file that is not in form, or is not of one piece, is refused as a whole', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const [connector] = file.connectors;
  const [connection] = file.connections;
  const misformed = await apply(world, {
    ...file,
    connections: [{ ...connection, colour: 'red', actorTypes: { customer: { active: 1, fields: [] }, sale: {} } }],
  });
  expect([misformed.status, misformed.json.errors.map(({ path }: { path: string }) => path)]).toEqual([
    400,
    ['connections[0].actorTypes.customer.active', 'connections[0].actorTypes.sale', 'connections[0].colour'],
  ]);
  const loose = await refusedAlike(world, {
    version: 1,
    connectors: [connector, { ...connector, kind: 'abacus' }],
    connections: [connection, { ...connection, connector: 'Nowhere' }],
  });
  expect(loose.json.errors).toEqual([
    { path: 'connectors[1].name', message: 'Is the name of connectors[0] too' },
    { path: 'connections[1].name', message: 'Is the name of connections[0] too' },
    { path: 'connectors[1].kind', message: 'There is no such kind; known: tryton' },
    { path: 'connectors[1].kind', message: 'Cannot be changed: it is tryton' },
    { path: 'connections[1].connector', message: 'The file has no connector of this name' },
  ]);
});

test.each(['constructor', '__proto__'])('a name that every object knows is a name like others: %s', async (name) => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const [{ actorTypes, lists }] = file.connections;
  actorTypes.customer.fields.push({ erpField: name, crmField: 'note', direction: 'both' });
  actorTypes.customer.defaults.push({ erpField: name, value: '1' });
  lists[0].pairs.push({ erpItem: name, crmItem: '9' });
  const { status, json } = await refusedAlike(world, file);
  expect(status).toBe(200);
  expect(json.connections[0].errors.map(({ path }: { path: string }) => path.replace('connections[0].', ''))).toEqual([
    'actorTypes.customer.fields[5].erpField',
    'actorTypes.customer.defaults[2].erpField',
    'lists[0].pairs[2].erpItem',
  ]);
});

test('names that several have are refused, and named', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  await nameUnclaimed(world, await addConnection(world, 'Second'), 'demo erp ');
  for (const { status, json } of [
    await world.send('GET', '/v1/config/export'),
    await plan(world, file),
    await apply(world, file),
  ]) {
    expect([status, json.errors.map(({ path }: { path: string }) => path)]).toEqual([
      409,
      ['connectors', 'connections'],
    ]);
    expect(json.errors[1].message).toMatch(/^Several are called "Demo ERP" \(\S+, \S+\)/);
  }
  await renameConnector(world, 'Other');
  expect((await plan(world, file)).json.errors.map(({ path }: { path: string }) => path)).toEqual(['connections']);
});

test('a secret that is new is tested first, and one that fails leaves the old one', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  file.connections[0].config.password = wrong;
  file.connections[0].description = 'Never';
  const stored = JSON.stringify([...world.secrets]);
  const { json } = await refusedAlike(world, file);
  expect(json.connections[0]).toMatchObject({
    outcome: 'refused',
    errors: [{ path: 'connections[0]', message: expect.stringContaining('The test of the connection failed') }],
    explanation: 'Wrong user or password',
  });
  expect(JSON.stringify(json) + JSON.stringify(world.logged)).not.toContain(wrong);
  expect(JSON.stringify([...world.secrets])).toBe(stored);
});

test('a secret that the file leaves out is kept where it was tested, and asked for elsewhere', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const [connection] = file.connections;
  delete connection.config.password;
  expect((await plan(world, file)).json.same).toBe(true);
  connection.config.timeout = 31;
  expect((await apply(world, file)).json.connections[0].changes).toEqual([
    { path: 'config.timeout', old: 30, new: 31 },
  ]);
  connection.config.user = 'other';
  const elsewhere = await refusedAlike(world, file);
  expect(elsewhere.json.connections[0].errors).toEqual([
    {
      path: 'connections[0].config.password',
      message: 'Must be entered again: the stored one was tested with another value of "user"',
    },
  ]);
  connection.config.password = `\${env:PASSWORD}`;
  expect((await plan(world, file)).json.connections[0].errors).toEqual([
    { path: 'connections[0].config.password', message: 'Send the value of the variable in its place' },
  ]);
  connection.config.password = goodPassword;
  const { json } = await apply(world, file);
  expect(json.connections[0]).toMatchObject({ outcome: 'changed', changes: [{ path: 'config.user' }] });
});

test('an active connection keeps its mappings, and what may change of it at any time is changed', async () => {
  const world = await wholeWorld();
  const id = (await world.send('GET', '/v1/connections')).json.items[0].id;
  await world.send('POST', `/v1/connections/${id}/activate`);
  const file = filled(await exported(world));
  const [connection] = file.connections;
  expect((await plan(world, file)).json.same).toBe(true);
  connection.actorTypes.customer.active = false;
  connection.lists[0].pairs = [];
  connection.config.database = 'other';
  const { json } = await refusedAlike(world, file);
  expect(json.connections[0].errors).toEqual([
    { path: 'connections[0].config', message: expect.stringMatching(/only passwords .* to change database\.$/) },
    {
      path: 'connections[0].actorTypes',
      message: 'A mapping can be changed only while the connection is inactive: it is active.',
    },
    {
      path: 'connections[0].lists',
      message: 'A list mapping can be changed only while the connection is inactive: it is active.',
    },
  ]);
  const rest = filled(await exported(world));
  Object.assign(rest.connections[0], { scope: 'everyone', description: 'Now', intervalMinutes: 9 });
  expect((await apply(world, rest)).json.connections[0].outcome).toBe('changed');
  expect([...world.schedules.values()]).toEqual([9]);
  expect((await world.send('GET', `/v1/connections/${id}`)).json).toMatchObject({
    ...{ state: 'active', description: 'Now', intervalMinutes: 9, scope: 'everyone' },
  });
});

test('a connector moves once all its connections are tested at the new address, else everything stays', async () => {
  const world = await wholeWorld();
  await addConnection(world, 'Second');
  const file = filled(await exported(world));
  const [connector] = file.connectors;
  connector.url = 'https://moved.example.com';
  const two = [file.connections[0], { ...file.connections[1], connector: connector.name }];
  expect((await plan(world, { ...file, connections: two })).json.connections[1]).toMatchObject({
    outcome: 'refused',
    errors: [{ path: 'connections[1].connector', message: 'The connector of a connection cannot be changed' }],
  });
  const bad = structuredClone(file);
  bad.connections[0].config.password = wrong;
  const { json } = await refusedAlike(world, bad);
  expect(json.connectors[0].errors).toEqual([
    { path: 'connectors[0].url', message: 'A connection of it cannot go to the new address' },
  ]);
  const unnamed = await refusedAlike(world, { ...file, connections: [file.connections[1]] });
  expect(unnamed.json.connectors[0].errors[0].message).toMatch(/"Demo ERP" is not in the file with it/);
  connector.url = 'https://nowhere.example.com';
  expect((await refusedAlike(world, file)).json.connectors[0].errors[0].message).toMatch(/^The test of the connector/);
  connector.url = 'https://moved.example.com';
  const { password: _left, ...withoutPassword } = file.connections[0].config;
  const silent = { ...file, connections: [{ ...file.connections[0], config: withoutPassword }, file.connections[1]] };
  expect((await refusedAlike(world, silent)).json.connections[0].errors).toEqual([
    {
      path: 'connections[0].config.password',
      message: 'Must be entered again: the stored one was tested with another value of "address"',
    },
  ]);
  const elsewhere = structuredClone(file);
  elsewhere.connections[0].connector = file.connections[1].connector;
  expect((await refusedAlike(world, elsewhere)).json.connectors[0].errors[0].message).toMatch(
    /"Demo ERP" is not in the file with it/,
  );
  const moved = await apply(world, file);
  expect(moved.json.connections.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['changed', 'unchanged']);
  const [first] = (await world.send('GET', '/v1/connections')).json.items;
  expect(first.secretNeeded).toBeUndefined();
  expect((await plan(world, file)).json.same).toBe(true);
  await world.send('POST', `/v1/connections/${first.id}/activate`);
  connector.url = 'https://erp.example.com';
  expect((await refusedAlike(world, file)).json.connectors[0].errors[0].message).toMatch(/"Demo ERP" is active/);
});

test('what the time of a request does not reach is not done and said so, and the same file goes on', async () => {
  const world = await wholeWorld();
  const to = await emptyTenant(world);
  const file = filled(await exported(world));
  const [one] = file.connections;
  file.connections = Array.from({ length: 6 }, (_, n) => ({ ...one, name: `Company ${n}` }));
  const describe = world.erp.describe.bind(world.erp);
  world.erp.describe = async (type) => {
    world.nowMs += 1_000;
    return describe(type);
  };
  const outcomes = [];
  for (let round = 0; round < 4; round += 1) {
    const { json } = await apply(world, file, { ...to, headers: { 'idempotency-key': 'the-same' } });
    outcomes.push(json.connections.map(({ outcome }: { outcome: string }) => outcome).join(' '));
    if (json.complete) break;
    expect(json.same).toBe(false);
  }
  expect(outcomes.length).toBeGreaterThan(1);
  expect(outcomes[0]).toMatch(/^made .*not-done$/);
  expect((await exported(world, to)).connections).toHaveLength(6);
  world.nowMs += 60_000;
  expect((await plan(world, file, to)).json.same).toBe(true);
});

test('a connector whose move the time does not reach stays, and moves with the same file again', async () => {
  const world = await wholeWorld();
  await addConnection(world, 'Second');
  const file = filled(await exported(world));
  for (const connector of file.connectors) connector.url = `https://moved.example.com`;
  const reach = world.app.systems.reachErp;
  Object.assign(world.app.systems, {
    reachErp: async (kind: string, url: string) => {
      world.nowMs += 16_000;
      return reach(kind, url);
    },
  });
  const all = (outcome: string) => ({
    connectors: [{ outcome }, { outcome }],
    connections: [{ outcome }, { outcome }],
  });
  const before = await exported(world);
  expect((await apply(world, file)).json).toMatchObject({ complete: false, ...all('not-done') });
  expect(await exported(world)).toEqual(before);
  Object.assign(world.app.systems, { reachErp: reach });
  const again = (await apply(world, file)).json;
  expect(again).toMatchObject({ complete: true, connectors: [{ outcome: 'changed' }, { outcome: 'changed' }] });
  expect((await plan(world, file)).json.same).toBe(true);
});

test('a system that does not answer refuses what needs it, and the rest is done', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  world.erpError = () => new SyncError('transient', 'Nothing answers.');
  file.connections[0].description = 'Now';
  file.connections.push({ ...file.connections[0], name: 'New', lists: [] });
  const { json } = await apply(world, file);
  expect(json.connections.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['changed', 'refused']);
  expect(json.complete).toBe(true);
});

test('what somebody else changes meanwhile is refused, and the rest is done and told', async () => {
  const world = await wholeWorld();
  await addConnection(world, 'Second');
  const file = filled(await exported(world));
  file.connections[0].description = 'Now';
  file.connectors[1].url = 'https://moved.example.com';
  const reach = world.app.systems.reachErp;
  Object.assign(world.app.systems, {
    reachErp: async (kind: string, url: string) => {
      await renameConnector(world, 'Renamed');
      return reach(kind, url);
    },
  });
  const { status, json } = await apply(world, file);
  expect([status, json.connectors[1]]).toMatchObject([
    200,
    {
      outcome: 'refused',
      errors: [{ path: 'connectors[1]', message: expect.stringMatching(/changed at the same time/) }],
    },
  ]);
  expect(json.connections.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['changed', 'refused']);
});

test('a file is for administrators of its tenant', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  for (const role of ['service', 'user'] as const) {
    expect((await world.send('GET', '/v1/config/export', { role })).status).toBe(403);
    expect((await apply(world, file, { role })).status).toBe(403);
  }
  const fresh = new ApiWorld();
  await withCrm(fresh);
  await setUpWhole(fresh);
  expect(await exported(fresh, { tenantId: fresh.otherTenantId })).toMatchObject({ connections: [] });
});

test('a connection that cannot be stored leaves no secret behind', async () => {
  const world = await wholeWorld();
  const to = await emptyTenant(world);
  const file = filled(await exported(world));
  const { create } = world.app.connections;
  world.app.connections.create = async () => {
    throw new SyncError('too-large', 'It is too much.');
  };
  expect((await apply(world, file, to)).json.connections[0]).toMatchObject({
    outcome: 'refused',
    errors: [{ path: 'connections[0]', message: 'It is too much.' }],
  });
  const secretsOf = ({ tenantId }: { tenantId: string }) =>
    [...world.secrets.keys()].filter((name) => name.startsWith(`${tenantId}/`) && !name.includes('/crm/'));
  expect(secretsOf(to)).toEqual([]);
  world.app.connections.create = create;
  expect((await apply(world, file, to)).json.connections[0].outcome).toBe('made');
  expect(secretsOf(to)).toHaveLength(1);
});

test('what is named and is not there is refused with its place, also where nothing else differs', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const [connection] = file.connections;
  const { customer } = connection.actorTypes;
  connection.lists.push({ erpList: 'terms', crmList: 'terms', pairs: [] });
  customer.defaults.unshift({ ...customer.defaults[1], value: 'other' });
  const { json } = await refusedAlike(world, file);
  expect(json.connections[0].errors.map(({ path }: { path: string }) => path)).toEqual([
    'connections[0].actorTypes.customer.defaults[2].erpField',
    'connections[0].lists[2]',
  ]);
  customer.defaults.shift();
  connection.lists[2] = connection.lists[0];
  const twice = (await refusedAlike(world, file)).json.connections[0].errors;
  expect(twice).toContainEqual({
    path: 'connections[0].lists[2]',
    message: 'These two lists are in lists[0] too',
  });
});

test('an item that no list has is refused in constants and filters of a file, as where a mapping is saved', async () => {
  const world = await wholeWorld();
  const file = filled(await exported(world));
  const [{ actorTypes }] = file.connections;
  const { customer } = actorTypes;
  customer.fields[0] = { erpField: 'CATEGORY', direction: 'toErp', constant: 'Z' };
  customer.filter = [{ field: 'COUNTRY', operator: 'oneof', values: ['1', '9'] }];
  file.connections[0].lists = [];
  const { json } = await refusedAlike(world, file);
  const at = 'connections[0].actorTypes.customer';
  expect(json.connections[0].errors).toEqual([
    { path: `${at}.fields[0].constant`, message: 'The list has no such item' },
    { path: `${at}.filter[0].values[1]`, message: 'The list has no such item' },
  ]);
});
