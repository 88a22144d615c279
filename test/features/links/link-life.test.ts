import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

async function linked(count = 3): Promise<{ world: ApiWorld; connectionId: string; linkIds: string[] }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, count + 1);
  const pairs = Array.from({ length: count }, (_, at) => pair(at + 1));
  const { json } = await connect(world, connectionId, ...pairs);
  await world.work();
  return { world, connectionId, linkIds: json.items.map((item: { linkId: string }) => item.linkId) };
}

async function idsAt(world: ApiWorld, query: string): Promise<string[]> {
  const { json } = await world.send('GET', `/v1/links?${query}`);
  return json.items.map((link: { id: string }) => link.id);
}

test('links are listed by connection, state, CRM record and ERP key', async () => {
  const { world, connectionId, linkIds } = await linked();
  await world.send('DELETE', `/v1/links/${linkIds[0]}`);
  expect((await idsAt(world, `connectionId=${connectionId}`)).sort()).toEqual(linkIds);
  expect(await idsAt(world, `connectionId=${connectionId}&state=disconnected`)).toEqual([linkIds[0]]);
  expect((await idsAt(world, 'state=active')).sort()).toEqual(linkIds.slice(1));
  expect(await idsAt(world, 'crmType=company&crmKey=c2')).toEqual([linkIds[1]]);
  expect(await idsAt(world, 'crmType=person&crmKey=c2')).toEqual([]);
  expect(await idsAt(world, `connectionId=${connectionId}&actorType=customer&erpKey=p3`)).toEqual([linkIds[2]]);
  expect(await idsAt(world, `connectionId=${connectionId}&actorType=supplier&erpKey=p3`)).toEqual([]);
});

test('filters that make no sense alone are refused', async () => {
  const { world } = await linked(1);
  expect((await world.send('GET', '/v1/links?crmKey=c1')).json.errors).toMatchObject([{ path: 'query.crmType' }]);
  expect((await world.send('GET', '/v1/links?erpKey=p1')).status).toBe(400);
  expect((await world.send('GET', '/v1/links?colour=red')).status).toBe(400);
});

test('pages of links hold each link once', async () => {
  const { world, linkIds } = await linked(5);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { json } = await world.send('GET', `/v1/links?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
    seen.push(...json.items.map((link: { id: string }) => link.id));
    cursor = json.nextCursor;
  } while (cursor);
  expect(seen.sort()).toEqual(linkIds);
});

test('disconnecting keeps the link and its history, ends synchronisation, and may be repeated', async () => {
  const { world, linkIds } = await linked();
  const path = `/v1/links/${linkIds[0]}`;
  const first = await world.send('DELETE', path, { role: 'service' });
  expect(first.status).toBe(200);
  expect(await world.send('DELETE', path)).toMatchObject({ status: 200, json: first.json });
  expect((await world.send('GET', path)).json).toMatchObject({ state: 'disconnected' });
  const changes = await world.send('GET', `/v1/changes?linkId=${linkIds[0]}`);
  expect(changes.json.items.length).toBeGreaterThan(0);
  expect((await world.send('GET', '/v1/links/none')).status).toBe(404);
});

test('restoring takes the claims again and looks at once', async () => {
  const { world, linkIds } = await linked();
  const path = `/v1/links/${linkIds[0]}`;
  expect((await world.send('POST', `${path}/restore`)).status).toBe(409);
  await world.send('DELETE', path);
  world.crm.edit('contact', 'c1', { phone: '+31 77' });
  const restored = await world.send('POST', `${path}/restore`, { role: 'service' });
  expect(restored).toMatchObject({ status: 202, json: { id: linkIds[0], state: 'pending' } });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 77');
});

test('a claim taken by another link since makes a restore 409, naming it', async () => {
  const { world, connectionId, linkIds } = await linked();
  await world.send('DELETE', `/v1/links/${linkIds[0]}`);
  const { json } = await connect(world, connectionId, pair(1, 4));
  const answer = await world.send('POST', `/v1/links/${linkIds[0]}/restore`);
  expect(answer.status).toBe(409);
  expect(answer.json.detail).toContain(json.items[0].linkId);
});

test('a record gone on one side breaks its link with the reason; it can be restored when the record is back', async () => {
  const { world, linkIds } = await linked();
  world.erp.removeRecord('party', 'p1');
  const body = { kind: 'sync', scope: { kind: 'links', linkIds: [linkIds[0]] } };
  await world.send('POST', '/v1/sync-runs', { body });
  await world.work();
  const { json } = await world.send('GET', `/v1/links/${linkIds[0]}`);
  expect(json).toMatchObject({ state: 'broken', stateReason: 'erp-actor-gone' });
  world.erp.edit('party', 'p1', { NAME: 'Firm 1' });
  expect((await world.send('POST', `/v1/links/${linkIds[0]}/restore`)).status).toBe(202);
  await world.work();
  expect((await world.send('GET', `/v1/links/${linkIds[0]}`)).json.state).toBe('active');
});

test('a paused link is not restored: what paused it stands until its record is back', async () => {
  const { world, linkIds } = await linked();
  world.erp.setStanding('party', 'p1', { kind: 'archived' });
  const body = { kind: 'sync', scope: { kind: 'links', linkIds: [linkIds[0]] } };
  await world.send('POST', '/v1/sync-runs', { body });
  await world.work();
  const paused = { state: 'paused', stateReason: 'erp-actor-archived' };
  expect((await world.send('GET', `/v1/links/${linkIds[0]}`)).json).toMatchObject(paused);
  expect((await world.send('POST', `/v1/links/${linkIds[0]}/restore`)).status).toBe(409);
  expect((await world.send('GET', `/v1/links/${linkIds[0]}`)).json).toMatchObject(paused);
});

test('nothing is restored through an inactive connection', async () => {
  const { world, connectionId, linkIds } = await linked();
  await world.send('DELETE', `/v1/links/${linkIds[0]}`);
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  expect((await world.send('POST', `/v1/links/${linkIds[0]}/restore`)).status).toBe(409);
});

test('reading one link takes one storage call', async () => {
  const { world, linkIds } = await linked(1);
  await world.send('GET', `/v1/links/${linkIds[0]}`);
  expect(world.storageCalls).toBe(1);
});
