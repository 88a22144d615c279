/** Whom a connection is for, and who has the ERP tab: set, checked against the CRM, told and kept. */
import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld, goodPassword } from '../api-world.ts';
import { activeConnection, addConnection, goodConfig, tenantSettings, withCrm } from '../set-up-steps.ts';

const scoped = { users: ['5'], groups: ['2'] };

/** What the CRM says of its people from now on. */
function peopleAre(world: ApiWorld, people: Partial<Record<'users' | 'groups', readonly string[]>> | SyncError): void {
  const listed = async (kind: 'users' | 'groups') => {
    if (people instanceof SyncError) throw people;
    return (people[kind] ?? []).map((id) => ({ id, name: `Number ${id}` }));
  };
  const directory = { users: () => listed('users'), groups: () => listed('groups') };
  world.app = Object.assign(world.app, { directories: { of: async () => directory } });
}

test('a connection is for everyone unless it is made for users and groups of the CRM', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  expect((await world.send('GET', `/v1/connections/${id}`)).json.scope).toBe('everyone');
  const { connectorId } = (await world.send('GET', `/v1/connections/${id}`)).json;
  const body = { connectorId, name: 'For some', config: goodConfig, scope: { groups: ['2'] } };
  const made = await world.send('POST', '/v1/connections', { body });
  expect(made).toMatchObject({ status: 201, json: { scope: { users: [], groups: ['2'] } } });
});

test('whom the CRM does not have is a fault with its exact place, each at once', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const path = `/v1/connections/${await addConnection(world)}`;
  const scope = { users: ['5', '404', '5'], groups: ['2', '5'] };
  const { status, json } = await world.change('PATCH', path, { scope });
  expect(status).toBe(400);
  expect(json.errors).toEqual([
    { path: 'scope.users[1]', message: 'There is no such user in the CRM' },
    { path: 'scope.users[2]', message: 'Named before' },
    { path: 'scope.groups[1]', message: 'There is no such group in the CRM' },
  ]);
  expect((await world.send('GET', path)).json.scope).toBe('everyone');
  const { json: formless } = await world.change('PATCH', path, { scope: ['5'] });
  expect(formless.errors).toEqual([{ path: 'scope', message: expect.stringContaining('Must be "everyone", or') }]);
});

test('a scope is changed while the connection is active, part by part, and its trail has old and new', async () => {
  const world = new ApiWorld();
  const path = `/v1/connections/${await activeConnection(world)}`;
  expect((await world.change('PATCH', path, { scope: scoped })).json.scope).toEqual(scoped);
  expect((await world.change('PATCH', path, { scope: { groups: ['1'] } })).json.scope).toEqual({
    users: ['5'],
    groups: ['1'],
  });
  expect((await world.change('PATCH', path, { scope: { users: null } })).json.scope).toEqual({
    users: [],
    groups: ['1'],
  });
  expect((await world.change('PATCH', path, { name: 'Renamed' })).json.scope).toEqual({ users: [], groups: ['1'] });
  expect((await world.change('PATCH', path, { scope: null })).json).toMatchObject({
    state: 'active',
    scope: 'everyone',
  });
  const trail = (await world.send('GET', '/v1/audit')).json.items;
  const changes = trail.flatMap((entry: { act: string; changes: { path: string }[] }) =>
    entry.act === 'connection.change' ? [entry.changes.filter(({ path: at }) => at.startsWith('scope'))] : [],
  );
  expect(changes.toReversed()).toEqual([
    [{ path: 'scope', old: 'everyone', new: scoped }],
    [{ path: 'scope.groups', old: ['2'], new: ['1'] }],
    [{ path: 'scope.users', old: ['5'], new: [] }],
    [],
    [{ path: 'scope', old: { users: [], groups: ['1'] }, new: 'everyone' }],
  ]);
});

test('a copy of a connection is for the same people, without asking the CRM of them', async () => {
  const world = new ApiWorld();
  const path = `/v1/connections/${await activeConnection(world)}`;
  await world.change('PATCH', path, { scope: scoped });
  peopleAre(world, new SyncError('transient', 'The CRM does not answer.'));
  const { status, json } = await world.send('POST', `${path}/copy`, {
    body: { name: 'Next', config: { password: goodPassword } },
  });
  expect({ status, scope: json.scope }).toEqual({ status: 201, scope: scoped });
});

test('whom the CRM no longer has stays in the scope, is told where the CRM is asked, and keeps nobody from changing it', async () => {
  const world = new ApiWorld();
  const path = `/v1/connections/${await activeConnection(world)}`;
  await world.change('PATCH', path, { scope: scoped });
  peopleAre(world, { users: ['10'], groups: ['1'] });
  const gone = { users: ['5'], groups: ['2'] };
  expect((await world.send('POST', `${path}/test`)).json).toMatchObject({ scope: scoped, unknownInScope: gone });
  const { status, json } = await world.change('PATCH', path, { scope: { users: ['5', '10'] } });
  expect({ status, scope: json.scope, unknown: json.unknownInScope }).toEqual({
    status: 200,
    scope: { users: ['5', '10'], groups: ['2'] },
    unknown: gone,
  });
  expect((await world.send('GET', path)).json).not.toHaveProperty('unknownInScope');
});

test('people are taken out of a scope, and a connection is tested, while the CRM cannot be asked', async () => {
  const world = new ApiWorld();
  const path = `/v1/connections/${await activeConnection(world)}`;
  await world.change('PATCH', path, { scope: scoped });
  peopleAre(world, new SyncError('transient', 'The CRM does not answer.'));
  expect((await world.send('POST', `${path}/test`)).status).toBe(200);
  expect((await world.change('PATCH', path, { scope: { users: ['10'] } })).status).toBe(503);
  expect((await world.change('PATCH', path, { scope: { users: [] } })).json.scope).toEqual({
    users: [],
    groups: ['2'],
  });
});

test('everyone has the ERP tab unless groups of the CRM are named, which are checked and stand in the trail', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  expect((await world.send('GET', '/v1/tenant')).json.erpTab).toBe('everyone');
  const wrong = await world.change('PUT', '/v1/tenant', { ...tenantSettings, erpTab: { groups: ['2', '99'] } });
  expect(wrong.status).toBe(400);
  expect(wrong.json.errors).toEqual([{ path: 'erpTab.groups[1]', message: 'There is no such group in the CRM' }]);
  expect((await world.send('GET', '/v1/tenant')).json.erpTab).toBe('everyone');
  const saved = await world.change('PUT', '/v1/tenant', { ...tenantSettings, erpTab: { groups: ['2'] } });
  expect(saved.json.erpTab).toEqual({ groups: ['2'] });
  peopleAre(world, { groups: ['1'] });
  const kept = { ...tenantSettings, retentionDays: 60, erpTab: { groups: ['2'] } };
  expect((await world.change('PUT', '/v1/tenant', kept)).json.erpTab).toEqual({ groups: ['2'] });
  const trail = (await world.send('GET', '/v1/audit?subject=tenant')).json.items;
  const changes = trail.flatMap((entry: { changes: { path: string }[] }) =>
    entry.changes.filter(({ path }) => path.startsWith('erpTab')),
  );
  expect(changes).toContainEqual({ path: 'erpTab', old: 'everyone', new: { groups: ['2'] } });
});
