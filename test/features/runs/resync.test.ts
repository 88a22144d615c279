/** Resync by API: which side, which records, blanks or none, and what is refused. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

async function linked() {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 2);
  const { json } = await connect(world, connectionId, pair(1), pair(2));
  await world.work();
  world.erp.edit('party', 'p1', { PHONE: '+31 91' });
  world.crm.edit('contact', 'c1', { phone: '+31 92' });
  world.crm.edit('contact', 'c2', { phone: null });
  return { world, connectionId, linkIds: json.items.map((item: { linkId: string }) => item.linkId) };
}

const start = (world: ApiWorld, body: object) => world.send('POST', '/v1/sync-runs', { body, role: 'service' });

const phones = (world: ApiWorld) =>
  [1, 2].map((at) => [world.crm.valuesOf('contact', `c${at}`).phone, world.erp.valuesOf('party', `p${at}`).PHONE]);

test('a resync of a connection or type runs in the background and lets the side named win', async () => {
  for (const [kind, won] of [
    ['resync-from-crm', '+31 92'],
    ['resync-from-erp', '+31 91'],
  ] as const) {
    const { world, connectionId } = await linked();
    const scope = { kind: 'actor-type', actorType: 'customer' };
    const { status, json } = await start(world, { kind, connectionId, scope });
    expect({ status, json }).toMatchObject({ status: 202, json: { kind, lane: 'low', detecting: true } });
    await world.work();
    expect(phones(world)[0]).toEqual([won, won]);
    const changes = await world.send('GET', `/v1/sync-runs/${json.id}/changes`);
    expect(changes.json.items).toContainEqual(
      expect.objectContaining({
        rule: 'resync',
        newValue: won,
        conflict: expect.objectContaining({ policy: 'resync' }),
      }),
    );
  }
});

test('without blanks a value stays, and is listed as differing', async () => {
  const { world, connectionId, linkIds } = await linked();
  const kept = world.erp.valuesOf('party', 'p2').PHONE;
  const { json } = await start(world, { kind: 'resync-from-crm', connectionId, noBlanks: true });
  expect(json).toMatchObject({ noBlanks: true });
  await world.work();
  expect(phones(world)[1]).toEqual([null, kept]);
  const differing = await world.send('GET', `/v1/links?connectionId=${connectionId}&differing=true`);
  expect(differing.json.items).toMatchObject([{ id: linkIds[1] }]);
});

test('chosen records are resynced at once, by link, CRM record or ERP key', async () => {
  const { world, connectionId, linkIds } = await linked();
  for (const scope of [
    { scope: { kind: 'links', linkIds: [linkIds[0]] } },
    { scope: { kind: 'crm-record', crmType: 'company', crmKey: 'c1' } },
    { connectionId, scope: { kind: 'erp-keys', actorType: 'customer', erpKeys: ['p1'] } },
  ]) {
    world.erp.edit('party', 'p1', { PHONE: '+31 99' });
    expect((await start(world, { kind: 'resync-from-crm', ...scope })).json).toMatchObject({ lane: 'high' });
    await world.work();
    expect(phones(world)[0]).toEqual(['+31 92', '+31 92']);
  }
  expect(phones(world)[1]?.[1]).not.toBeNull();
});

test('no blanks is refused for runs that no side wins, and a resync of an inactive connection too', async () => {
  const { world, connectionId } = await linked();
  for (const kind of ['sync', 'compare']) {
    const refused = await start(world, { kind, connectionId, noBlanks: true });
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ path: 'noBlanks' }] } });
  }
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  expect((await start(world, { kind: 'resync-from-crm', connectionId })).status).toBe(409);
});
