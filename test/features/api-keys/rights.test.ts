import { expect, test } from 'vitest';
import { allRoutes } from '../../../functions/http/all-routes.ts';
import { ApiWorld } from '../api-world.ts';
import {
  activeConnection,
  addRecords,
  connect,
  customerMapping,
  goodConfig,
  pair,
  tenantSettings,
} from '../set-up-steps.ts';

type AnyRoute = (typeof allRoutes)[number];

const guarded = allRoutes.filter((route) => route.roles !== 'public');
const named = (route: AnyRoute) => `${route.method} ${route.path}`;

/** A tenant with one of everything, and a path of a route that names its things. */
async function fullWorld(): Promise<{
  world: ApiWorld;
  pathOf: (route: AnyRoute) => string;
  ids: Record<string, string>;
}> {
  const world = new ApiWorld(undefined, true);
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  world.crm.edit('contact', 'c1', { vatNo: 'much too long' });
  const linked = await connect(world, connectionId, pair(1));
  await world.work();
  const key = await world.send('POST', '/v1/api-keys', { body: { name: 'other', role: 'service' } });
  const connectors = await world.send('GET', '/v1/connectors');
  const failures = await world.send('GET', '/v1/failures');
  const ids: Record<string, string> = {
    'api-keys': key.json.id,
    connectors: connectors.json.items[0].id,
    connections: connectionId,
    links: linked.json.items[0].linkId,
    'sync-runs': linked.json.runId,
    failures: failures.json.items[0].id,
    conflicts: failures.json.items[0].id,
  };
  const pathOf = (route: AnyRoute) =>
    route.path
      .replace(/\/v1\/([\w-]+)\/\{id\}/, (_, thing: string) => `/v1/${thing}/${ids[thing]}`)
      .replace('{type}', 'customer')
      .replace('{number}', '1')
      .replace('{erpKey+}', 'p1')
      .replace('{name}', 'country')
      .replace('{crmType}', 'company');
  return { world, pathOf, ids };
}

function bodyOf(route: AnyRoute, ids: Record<string, string>): unknown {
  const bodies: Record<string, unknown> = {
    'PUT /v1/tenant': tenantSettings,
    'PUT /v1/connectors/{id}': { kind: 'tryton', name: 'x', url: 'https://erp.example.com' },
    'PATCH /v1/connections/{id}': { name: 'stolen' },
    'POST /v1/connections/{id}/copy': { name: 'x' },
    'PUT /v1/connections/{id}/actor-types/{type}/mapping': customerMapping,
    'POST /v1/connections/{id}/actor-types/{type}/mapping/dry-run': customerMapping,
    'PUT /v1/connections/{id}/actor-types/{type}/defaults': { defaults: [] },
    'PUT /v1/connections/{id}/actor-types/{type}/field-order': { erpFields: [] },
    'PUT /v1/connections/{id}/list-mappings': { lists: [] },
    'POST /v1/config/plan': { version: 1, connectors: [], connections: [] },
    'POST /v1/config/apply': { version: 1, connectors: [], connections: [] },
    'POST /v1/connections': { connectorId: ids.connectors, name: 'x', config: goodConfig },
    'POST /v1/conflicts/{id}/resolve': { keep: 'crm' },
    'POST /v1/links/preview': { connectionId: ids.connections, pairs: [pair(1)] },
    'POST /v1/links': { connectionId: ids.connections, pairs: [pair(1)] },
    'POST /v1/links/{id}/move': {},
    'POST /v1/sync-runs': { kind: 'sync', connectionId: ids.connections },
  };
  return bodies[named(route)];
}

test.each(guarded.map((route) => [named(route), route] as const))('%s needs a caller', async (_, route) => {
  const world = new ApiWorld();
  await world.tenants();
  const path = route.path.replaceAll(/\{[^}]+\}/g, 'company');
  const { status, json } = await world.send(route.method, path, { role: 'none' });
  expect({ status, type: json.type }).toEqual({ status: 401, type: 'unauthenticated' });
});

test.each(guarded.map((route) => [named(route), route] as const))('%s is for its roles only', async (_, route) => {
  const world = new ApiWorld();
  await world.tenants();
  const path = route.path.replaceAll(/\{[^}]+\}/g, 'company');
  for (const role of ['admin', 'service', 'user'] as const) {
    const { status } = await world.send(route.method, path, { role, body: { nonsense: true } });
    const allowed: boolean = route.roles.includes(role);
    expect({ role, refused: status === 403 }).toEqual({ role, refused: !allowed });
  }
});

test('set-up is for administrators, links and triggers for services too', () => {
  const forServices = guarded.filter((route) => route.roles.includes('service')).map(named);
  const changes = forServices.filter((name) => !name.startsWith('GET'));
  const others = changes.filter((name) => !/\/v1\/(links|sync-runs|failures|conflicts)/.test(name));
  expect(others).toEqual(['DELETE /v1/session']);
  expect(forServices.filter((name) => /api-keys|tenant|connectors/.test(name))).toEqual([]);
});

test('a user of the CRM sets nothing up, and changes nothing in bulk', () => {
  const forUsers = guarded.filter((route) => route.roles.includes('user')).map(named);
  const changes = forUsers.filter((name) => !name.startsWith('GET'));
  expect(changes.toSorted()).toEqual([
    'DELETE /v1/links/{id}',
    'DELETE /v1/session',
    'POST /v1/conflicts/{id}/resolve',
    'POST /v1/failures/{id}/retry',
    'POST /v1/links',
    'POST /v1/links/preview',
    'POST /v1/links/{id}/move',
    'POST /v1/links/{id}/restore',
    'POST /v1/sync-runs',
  ]);
  expect(forUsers.filter((name) => /api-keys|tenant|connectors|mapping|audit|summary|engine/.test(name))).toEqual([]);
});

test("another tenant's things are not found, whatever is asked of them", async () => {
  const { world, pathOf, ids } = await fullWorld();
  const tenantId = world.otherTenantId;
  const headers = { 'if-match': '*' };
  const before = await world.send('GET', '/v1/connections');
  for (const route of guarded.filter((one) => one.path.includes('{id}'))) {
    const { status } = await world.send(route.method, pathOf(route), { tenantId, headers, body: bodyOf(route, ids) });
    expect(`${named(route)} ${status}`).toBe(`${named(route)} 404`);
  }
  const named404 = [
    ['POST', '/v1/links/preview'],
    ['POST', '/v1/links'],
    ['POST', '/v1/sync-runs'],
  ];
  for (const [method, path] of named404) {
    const route = guarded.find((one) => one.method === method && one.path === path);
    const body = route && bodyOf(route, ids);
    expect((await world.send(method ?? '', path ?? '', { tenantId, body })).status).toBe(404);
  }
  const connection = { connectorId: ids.connectors, name: 'x', config: goodConfig };
  expect((await world.send('POST', '/v1/connections', { tenantId, body: connection })).status).toBe(400);
  expect((await world.send('GET', '/v1/connections')).json).toEqual(before.json);
});

test("another tenant's lists are empty of them", async () => {
  const { world, ids } = await fullWorld();
  const tenantId = world.otherTenantId;
  const lists = guarded.filter(
    (route) => route.list && !route.path.includes('{') && route.path !== '/v1/connector-types',
  );
  for (const route of lists) {
    const query = ['', `?connectionId=${ids.connections}`, `?linkId=${ids.links}`, `?runId=${ids['sync-runs']}`];
    for (const filter of query) {
      const { status, json } = await world.send('GET', route.path + filter, { tenantId });
      if (status === 400) continue;
      const ours = JSON.stringify(json);
      for (const id of Object.values(ids)) expect(ours).not.toContain(id);
    }
  }
});

const mostCalls: Readonly<Record<string, number>> = {
  // A run's log is in nine partitions, which are read at once.
  '/v1/sync-runs/{id}/changes': 11,
  // Without a key a page of links is read, from four partitions.
  '/v1/connections/{id}/actor-types/{type}/mapping/example': 6,
  // Connectors, names of connections, the set-up of each, and the fields of all.
  '/v1/config/export': 4,
  // Set-up, and who waits in four partitions, all at once.
  '/v1/connections/{id}/unmapped-items': 5,
};

test('in a full world every read answers 200, with at most three calls to the table, some that tell of more a few more', async () => {
  const { world, pathOf, ids } = await fullWorld();
  for (const route of guarded.filter((one) => one.method === 'GET')) {
    const { status } = await world.send('GET', pathOf(route));
    expect(`${named(route)} ${status}`).toBe(`${named(route)} 200`);
    // Without a filter these walk over connections, and links of a connection over its partitions.
    if (['/v1/links', '/v1/changes'].includes(route.path)) continue;
    expect(world.storageCalls, named(route)).toBeLessThanOrEqual(mostCalls[route.path] ?? 3);
  }
  expect(ids.failures).toBeDefined();
});
