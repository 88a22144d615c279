/** What a user of the CRM may ask of what they reach, and what they are told. */
import { expect, test } from 'vitest';
import { begin, signIn } from '../sessions/sign-in-steps.ts';
import { connect, pair } from '../set-up-steps.ts';
import { userWorld } from './user-steps.ts';

test('a user sees of a connection how it stands, and nothing of how it is made', async () => {
  const one = await userWorld();
  const { connection } = one.asked;
  const { json } = await one.get(`/v1/connections/${connection}`);
  expect(json).toEqual({ id: connection, name: 'Demo ERP', state: 'active' });
  const { items } = (await one.get('/v1/connections')).json;
  expect(items).toContainEqual(json);
  for (const item of items) expect(Object.keys(item).toSorted()).toEqual(Object.keys(json).toSorted());
});

test.each(['/v1/links', '/v1/links?crmType=company', '/v1/changes', '/v1/conflicts', '/v1/failures'])(
  'a user asks %s of one record only',
  async (path) => {
    const one = await userWorld();
    const { connection, run } = one.asked;
    const others = [`connectionId=${connection}`, `runId=${run}`];
    for (const query of ['', ...(/links/.test(path) ? [`connectionId=${connection}`] : others)]) {
      if (query.startsWith('runId') && path === '/v1/conflicts') continue;
      const { status, json } = await one.get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
      expect(status).toBe(400);
      expect(json.errors).toEqual([
        { path: 'query.crmKey', message: expect.stringContaining('Needed with the role user') },
      ]);
    }
  },
);

test('a user starts runs of kind sync over named links or a record, and no others', async () => {
  const one = await userWorld();
  const { connection: connectionId, link } = one.asked;
  const links = { kind: 'links', linkIds: [link] };
  const refused = [
    { kind: 'sync', scope: links, force: true },
    { kind: 'sync', scope: links, dryRun: true },
    { kind: 'compare', scope: links },
    { kind: 'resync-from-crm', scope: links },
    { kind: 'resync-from-erp', scope: links },
    { kind: 'sync', connectionId },
    { kind: 'sync', scope: { kind: 'all' } },
    { kind: 'sweep', scope: { kind: 'all' } },
    { kind: 'sync', connectionId, scope: { kind: 'actor-type', actorType: 'customer' } },
    { kind: 'sync', connectionId, scope: { kind: 'erp-keys', actorType: 'customer', erpKeys: ['p1'] } },
  ];
  for (const body of refused) expect([body, (await one.start(body)).status]).toEqual([body, 403]);
  expect((await one.start({ kind: 'sync', scope: links })).status).toBe(202);
});

test('of several links one that is out of scope is what does not exist, and nothing is started', async () => {
  const one = await userWorld();
  const { world, asked } = one;
  const connections = (await world.send('GET', '/v1/connections')).json.items;
  const other = connections.find(({ id }: { id: string }) => id !== asked.connection).id;
  await world.send('POST', `/v1/connections/${other}/activate`);
  const elsewhere = (await connect(world, other, pair(1, 12))).json.items[0].linkId;
  await world.change('PATCH', `/v1/connections/${other}`, { scope: { users: ['10'], groups: [] } });
  const runs = (await world.send('GET', '/v1/sync-runs')).json.items.length;
  const answer = await one.start({ kind: 'sync', scope: { kind: 'links', linkIds: [asked.link, elsewhere] } });
  expect(answer).toMatchObject({ status: 404, json: { detail: `There is no link ${elsewhere}.` } });
  expect((await world.send('GET', '/v1/sync-runs')).json.items).toHaveLength(runs);
});

test("a record's links through connections out of scope are left out, of lists and of runs", async () => {
  const one = await userWorld();
  const { world, asked } = one;
  const connections = (await world.send('GET', '/v1/connections')).json.items;
  const other = connections.find(({ id }: { id: string }) => id !== asked.connection).id;
  await world.send('POST', `/v1/connections/${other}/activate`);
  expect((await connect(world, other, pair(1))).status).toBe(202);
  await world.work();
  const record = 'crmType=company&crmKey=c1';
  const whose = async (path: string) => {
    const { items } = (await one.get(path)).json;
    return new Set(items.map(({ connectionId }: { connectionId: string }) => connectionId));
  };
  expect(await whose(`/v1/links?${record}`)).toEqual(new Set([asked.connection, other]));
  await world.change('PATCH', `/v1/connections/${other}`, { scope: { users: ['10'], groups: [] } });
  expect(await whose(`/v1/links?${record}`)).toEqual(new Set([asked.connection]));
  expect(await whose(`/v1/changes?${record}&limit=200`)).toEqual(new Set([asked.connection]));
  expect(await whose(`/v1/links?${record}&connectionId=${other}`)).toEqual(new Set());
  const run = await one.start({ kind: 'sync', scope: { kind: 'crm-record', crmType: 'company', crmKey: 'c1' } });
  expect(run.json).toMatchObject({ connectionId: asked.connection });
  expect(run.json).not.toHaveProperty('children');
  const both = await world.send('GET', `/v1/links?${record}`);
  expect(both.json.items).toHaveLength(2);
});

test('a link that is named twice is looked at once', async () => {
  const one = await userWorld();
  const { link } = one.asked;
  await one.world.work();
  const { json } = await one.start({ kind: 'sync', scope: { kind: 'links', linkIds: [link, link] } });
  await one.world.work();
  expect((await one.get(`/v1/sync-runs/${json.id}`)).json).toMatchObject({ state: 'done', counters: { lookedAt: 1 } });
});

test('a page of connections, and its cursor, tells a user nothing of those out of reach', async () => {
  const one = await userWorld();
  const { connection } = one.asked;
  await one.scope({ users: [], groups: [] });
  expect((await one.get('/v1/connections?limit=1')).json).toEqual({ items: [] });
  await one.world.change('PATCH', `/v1/connections/${connection}`, { scope: { groups: ['2'] } });
  const { json } = await one.get('/v1/connections?limit=1');
  expect(json).toEqual({ items: [{ id: connection, name: 'Demo ERP', state: 'active' }] });
});

test('a user reads the runs that they started, and no others', async () => {
  const one = await userWorld();
  const { world, asked } = one;
  expect((await one.get(`/v1/sync-runs/${asked.run}`)).status).toBe(200);
  const body = { kind: 'sync', scope: { kind: 'links', linkIds: [asked.link] } };
  const foreign = (await world.send('POST', '/v1/sync-runs', { body })).json.id;
  expect(await one.get(`/v1/sync-runs/${foreign}`)).toMatchObject({
    status: 404,
    json: { detail: `There is no sync run ${foreign}.` },
  });
});

test('a user does not see the failures of connections and lists', async () => {
  const one = await userWorld();
  const { world, asked } = one;
  const { items } = (await world.send('GET', '/v1/failures')).json;
  const ofConnection = items.find(({ linkId }: { linkId?: string }) => linkId === undefined);
  expect(ofConnection.connectionId).toBe(asked.connection);
  expect((await one.get(`/v1/failures/${ofConnection.id}`)).status).toBe(404);
  expect((await one.ask({ method: 'POST', path: `/v1/failures/${ofConnection.id}/retry` })).status).toBe(404);
});

test("another's page cursor leads nowhere in a user's list", async () => {
  const one = await userWorld();
  const path = '/v1/changes?crmType=company&crmKey=c1&limit=1';
  const { nextCursor } = (await one.world.send('GET', path)).json;
  const own = (await one.get(path)).json;
  expect(own.nextCursor).not.toBe(nextCursor);
  expect((await one.get(`${path}&cursor=${encodeURIComponent(nextCursor)}`)).status).toBe(400);
  expect((await one.get(`${path}&cursor=${encodeURIComponent(own.nextCursor)}`)).status).toBe(200);
});

test('administrators of the CRM, API keys and their sessions have no limits', async () => {
  const one = await userWorld();
  const { world, asked } = one;
  await one.scope({ users: [], groups: [] });
  await one.erpTab({ groups: [] });
  const admin = await signIn(world, '10');
  const { key } = (await world.send('POST', '/v1/api-keys', { body: { name: 'Back end', role: 'service' } })).json;
  const { session } = (await begin(world, { apiKey: key })).json;
  for (const bearer of [admin, key, session]) {
    expect((await world.send('GET', `/v1/links/${asked.link}`, { bearer })).status).toBe(200);
    expect((await world.send('GET', '/v1/links', { bearer })).json.items.length).toBeGreaterThan(1);
    expect((await world.send('GET', `/v1/connections/${asked.connection}`, { bearer })).json.config).toBeDefined();
  }
  const asUser = { name: 'A user', role: 'user' };
  expect((await world.send('POST', '/v1/api-keys', { body: asUser })).status).toBe(400);
});

test('whoever calls is told whether they have the ERP tab and why not, and may leave without it', async () => {
  const one = await userWorld();
  const { world } = one;
  expect((await one.get('/v1/me')).json.erpTab).toEqual({ visible: true });
  await one.erpTab({ groups: ['1'] });
  const { status, json } = await one.get('/v1/me');
  expect(status).toBe(200);
  expect(json.erpTab).toEqual({ visible: false, reason: expect.stringMatching(/ask an administrator/) });
  await one.erpTab({ groups: [] });
  const admin = await signIn(world, '10');
  expect((await world.send('GET', '/v1/me', { bearer: admin })).json.erpTab).toEqual({ visible: true });
  expect((await world.send('GET', '/v1/me')).json).not.toHaveProperty('erpTab');
  expect((await one.ask({ method: 'DELETE', path: '/v1/session' })).status).toBe(204);
});
