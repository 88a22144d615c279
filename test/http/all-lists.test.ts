/** Every list of the route table, walked through the API in memory. */
import { expect, test } from 'vitest';
import type { operations } from '../../functions/http/registry.ts';
import { ApiWorld } from '../features/api-world.ts';
import {
  activeConnection,
  addConnection,
  addRecords,
  connect,
  customerMapping,
  pair,
  saveMapping,
} from '../features/set-up-steps.ts';

type Lists = {
  [Id in keyof typeof operations]: (typeof operations)[Id] extends { list: true } ? Id : never;
}[keyof typeof operations];

/** A tenant of whom every list has two items or more, but for conflicts. */
async function fullTenant() {
  const world = new ApiWorld();
  const { connectorTypes } = world.app.systems;
  world.app.systems.connectorTypes = (side) =>
    connectorTypes(side).flatMap((type) => [type, { ...type, kind: `${type.kind}-2` }]);
  const id = await activeConnection(world);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await saveMapping(world, id, { ...customerMapping, fields: customerMapping.fields.toReversed() });
  await world.send('POST', `/v1/connections/${id}/activate`);
  addRecords(world, 4);
  const first = await connect(world, id, pair(1), pair(2), pair(3));
  await world.work();
  await world.send('DELETE', `/v1/links/${first.json.items[0].linkId}`);
  const again = await connect(world, id, pair(1));
  await world.work();
  for (const key of ['p2', 'p3']) world.erp.removeRecord('party', key);
  const links = `/v1/links?connectionId=${id}`;
  const { json } = await world.send('GET', links);
  const linkIds = json.items.map((link: { id: string }) => link.id);
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', scope: { kind: 'links', linkIds } } });
  await world.work();
  for (const name of ['one', 'two']) {
    await world.send('POST', '/v1/api-keys', { body: { name, role: 'service' } });
    await addConnection(world, `Second ERP ${name}`);
  }
  const connector = (await world.send('GET', '/v1/connectors')).json.items[0].id;
  const paths: Record<Lists, string[]> = {
    listApiKeys: ['/v1/api-keys'],
    listAudit: ['/v1/audit', '/v1/audit?subject=connector', `/v1/audit?subject=connection&id=${id}`],
    listConnectorTypes: ['/v1/connector-types'],
    listConnectors: ['/v1/connectors'],
    listConfigFields: [`/v1/connectors/${connector}/config-fields`],
    listConnections: ['/v1/connections'],
    listActorTypes: [`/v1/connections/${id}/actor-types`],
    listMappingVersions: [`/v1/connections/${id}/actor-types/customer/mapping/versions`],
    listUnmappedItems: [`/v1/connections/${id}/unmapped-items`],
    listErpItems: [`/v1/connections/${id}/lists/country`],
    listCrmItems: ['/v1/crm/lists/country'],
    listCrmUsers: ['/v1/crm/users'],
    listCrmGroups: ['/v1/crm/groups'],
    listCrmFields: ['/v1/crm/company/fields'],
    searchActors: [`/v1/connections/${id}/actors/supplier`],
    listLinks: ['/v1/links', links, '/v1/links?crmType=company&crmKey=c1'],
    listRuns: ['/v1/sync-runs'],
    listRunChanges: [`/v1/sync-runs/${first.json.runId}/changes`],
    listChanges: ['/v1/changes'],
    listConflicts: ['/v1/conflicts'],
    listFailures: ['/v1/failures'],
  };
  const oneAtMost = [
    '/v1/conflicts',
    `/v1/connections/${id}/unmapped-items`,
    `/v1/links?connectionId=${id}&actorType=customer&erpKey=${again.json.items[0].erpKey}`,
  ];
  return { world, paths: [...Object.values(paths).flat(), ...oneAtMost], byId: paths, oneAtMost };
}

const withQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;

test('every list takes a limit of 1 to 200 and nothing else', async () => {
  const { world, paths } = await fullTenant();
  for (const path of paths) {
    for (const limit of ['0', '-1', '201', 'NaN', '1.5', '']) {
      const { status, json } = await world.send('GET', withQuery(path, `limit=${limit}`));
      expect([path, limit, status, json.errors?.[0]?.path]).toEqual([path, limit, 400, 'query.limit']);
    }
    expect([path, (await world.send('GET', withQuery(path, 'limit=200'))).status]).toEqual([path, 200]);
  }
});

test('every list, read one by one, has the items of the whole in their order', async () => {
  const { world, paths, oneAtMost } = await fullTenant();
  for (const path of paths) {
    const whole = (await world.send('GET', withQuery(path, 'limit=200'))).json.items;
    if (!oneAtMost.includes(path)) expect(whole.length, path).toBeGreaterThan(1);
    const oneByOne: unknown[] = [];
    let cursor: string | undefined;
    do {
      const more = cursor === undefined ? 'limit=1' : `limit=1&cursor=${encodeURIComponent(cursor)}`;
      const { json } = await world.send('GET', withQuery(path, more));
      expect(json.items.length, path).toBeLessThan(2);
      oneByOne.push(...json.items);
      cursor = json.nextCursor;
    } while (cursor !== undefined);
    expect(oneByOne, path).toEqual(whole);
  }
});

/** What lists are ordered by; each has some of it. */
interface Listed {
  readonly at?: string;
  readonly createdAt?: string;
  readonly firstAt?: string;
  readonly id: string;
  readonly place: number;
  readonly actorType: string;
  readonly name: string;
  readonly number: number;
}
type Key = (item: Listed) => string | number;
const newest: readonly [Key, 'down'] = [
  ({ at, createdAt, firstAt, id }) => `${at ?? createdAt ?? firstAt} ${id}`,
  'down',
];

/** The lists of ours, by what each is in order; systems have orders of their own. */
const orders: Partial<Record<Lists, readonly [Key, 'up' | 'down']>> = {
  listApiKeys: [({ createdAt, id }) => `${createdAt} ${id}`, 'up'],
  listConnectors: [({ createdAt, id }) => `${createdAt} ${id}`, 'up'],
  listConnections: [({ place }) => place, 'up'],
  listActorTypes: [({ actorType }) => actorType, 'up'],
  listCrmUsers: [({ name }) => name, 'up'],
  listCrmGroups: [({ name }) => name, 'up'],
  listMappingVersions: [({ number }) => number, 'down'],
  listAudit: newest,
  listRuns: newest,
  listFailures: newest,
};

test('what is ours is listed in the order that the document says', async () => {
  const { world, byId } = await fullTenant();
  world.nowMs += 60_000;
  await world.send('POST', '/v1/api-keys', { body: { name: 'later', role: 'service' } });
  await addConnection(world, 'Later ERP');
  for (const [id, [key, way]] of Object.entries(orders)) {
    for (const path of byId[id as Lists]) {
      const keys = (await world.send('GET', withQuery(path, 'limit=200'))).json.items.map(key);
      expect(keys.length, path).toBeGreaterThan(1);
      expect(keys.join(), path).not.toContain('undefined');
      expect(keys, path).not.toContain(undefined);
      const sorted = keys.toSorted((one: string | number, other: string | number) => (one < other ? -1 : 1));
      expect([path, keys]).toEqual([path, way === 'up' ? sorted : sorted.toReversed()]);
    }
  }
});

test('the log of one connection, link or run is newest first, and the links of a CRM record too', async () => {
  const { world } = await fullTenant();
  const items = async (path: string) => (await world.send('GET', path)).json.items;
  const [connection] = await items('/v1/connections');
  for (let at = 1; at <= 3; at += 1) {
    world.nowMs += 60_000;
    world.crm.edit('contact', 'c1', { phone: `+31 ${at}` });
    await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: connection.id } });
    await world.work();
  }
  const links = await items('/v1/links?crmType=company&crmKey=c1');
  expect(links.map(({ state }: { state: string }) => state)).toEqual(['active', 'disconnected']);
  for (const path of [`/v1/changes?connectionId=${connection.id}`, `/v1/changes?linkId=${links[0].id}`]) {
    const times = (await items(path)).map(({ at }: { at: string }) => at);
    expect(new Set(times).size, path).toBeGreaterThan(2);
    expect(times).toEqual(times.toSorted().toReversed());
  }
});
