import { expect, test } from 'vitest';
import { purgeConnection } from '../../../functions/features/connections/purge-connection.ts';
import { callAndWork, dayMs, deletedWorld, leftOf } from './purged-world.ts';

test('a deleted connection says until when it can be restored, and is called for then', async () => {
  const { world, first } = await deletedWorld(0);
  const { json } = await world.send('GET', `/v1/connections/${first}`);
  const purgeAt = new Date(Date.parse(json.deletedAt) + 30 * dayMs).toISOString();
  expect(json).toMatchObject({ state: 'deleted', purgeAt });
  const listed = await world.send('GET', '/v1/connections?includeDeleted=true');
  expect(listed.json.items).toMatchObject([{ purgeAt }, { state: 'active' }]);
  expect([...world.purgesFrom]).toEqual([[first, purgeAt]]);
  expect(world.schedules.has(first)).toBe(false);
  await world.send('POST', `/v1/connections/${first}/restore`);
  expect([...world.purgesFrom]).toEqual([]);
  expect((await world.send('GET', `/v1/connections/${first}`)).json.purgeAt).toBeUndefined();
});

test('a call before its time, or for a connection that is not deleted, takes nothing', async () => {
  const deleted = await deletedWorld(29);
  const { world, first, second } = deleted;
  const before = await world.standing();
  await callAndWork(deleted);
  await purgeConnection(world.app, { tenantId: world.tenantId, connectionId: second });
  expect(await world.standing()).toEqual(before);
  await world.send('POST', `/v1/connections/${first}/restore`);
  world.nowMs += 10 * dayMs;
  await callAndWork(deleted);
  expect((await world.send('GET', `/v1/connections/${first}`)).json).toMatchObject({ state: 'inactive' });
  expect((await world.send('GET', `/v1/links?connectionId=${first}`)).json.items).toHaveLength(3);
});

test('a purge leaves nothing of a connection but the trail and what is forgotten by itself', async () => {
  const deleted = await deletedWorld();
  const { world, first } = deleted;
  expect(await leftOf(deleted)).toEqual(
    expect.arrayContaining(['claim', 'changes', 'failure', 'link', 'run', 'crm-record']),
  );
  for (let calls = 0; calls < 2; calls += 1) await callAndWork(deleted);
  expect((await world.send('GET', `/v1/connections/${first}`)).status).toBe(404);
  expect(new Set(await leftOf(deleted))).toEqual(new Set(['audit']));
  expect([...world.secrets.keys()].filter((name) => name.includes(first))).toEqual([]);
  expect([...world.purgesFrom.keys()]).toEqual([]);
  const { json } = await world.send('GET', `/v1/audit?subject=connection&id=${first}`);
  expect(json.items[0]).toMatchObject({
    act: 'connection.purge',
    by: { kind: 'system' },
    subject: { name: 'Demo ERP' },
  });
  expect(JSON.stringify(json)).not.toContain('correct horse');
});

test('a purge takes nothing of another connection, whose link of a shared record stays and may be joined', async () => {
  const deleted = await deletedWorld();
  const { world, second, otherLinkId } = deleted;
  for (let calls = 0; calls < 3; calls += 1) await callAndWork(deleted);
  expect((await world.send('GET', `/v1/links?connectionId=${second}`)).json.items).toMatchObject([
    { id: otherLinkId, state: 'active' },
  ]);
  const record = (await world.app.links.crmRecords(world.tenantId, 'contact', ['c1', 'c2'])).get('c1');
  expect(record?.links).toEqual([{ connectionId: second, linkId: otherLinkId }]);
  world.crm.edit('contact', 'c1', { phone: '+31 77' });
  await world.send('POST', '/v1/sync-runs', {
    body: { kind: 'sync', scope: { kind: 'links', linkIds: [otherLinkId] } },
  });
  await world.work();
  expect(world.erp.valuesOf('party', 'p4').PHONE).toBe('+31 77');
});

test('a connector can be deleted once its connections are purged', async () => {
  const deleted = await deletedWorld();
  const { world, first } = deleted;
  const { connectorId } = (await world.send('GET', `/v1/connections/${first}`)).json;
  const path = `/v1/connectors/${connectorId}`;
  expect((await world.change('DELETE', path)).status).toBe(409);
  for (let calls = 0; calls < 2; calls += 1) await callAndWork(deleted);
  expect((await world.change('DELETE', path)).status).toBe(204);
});

test('a connection whose purge has begun cannot be restored any more, and that is said', async () => {
  const { world, first } = await deletedWorld();
  await purgeConnection(world.app, { tenantId: world.tenantId, connectionId: first });
  expect(world.purgeMessages).toBe(1);
  const answer = await world.send('POST', `/v1/connections/${first}/restore`);
  expect(answer).toMatchObject({ status: 409, json: { detail: expect.stringContaining('removed for good') } });
});

test('a message of a purge takes nothing from a connection that is not marked', async () => {
  const { world, first } = await deletedWorld();
  const before = await world.standing();
  const { tenantId } = world;
  await world.app.queue.send([{ kind: 'purge', tenantId, connectionId: first, lane: 'low', interactive: false }]);
  await world.work();
  expect(await world.standing()).toEqual(before);
});
