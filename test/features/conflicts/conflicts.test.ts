import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

/** Links whose fields are held: each choice at connect was made on values that have moved since. */
async function withConflicts(
  count = 2,
  fields = [['PHONE', 'phone']],
): Promise<{ world: ApiWorld; connectionId: string; ids: string[] }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, count);
  for (let at = 1; at <= count; at += 1) world.erp.edit('party', `p${at}`, { NAME: `other ${at}` });
  const choices = fields.map(([erpField, crmField]) => {
    return { erpField, crmField, keep: 'erp', fingerprint: 'of other values' };
  });
  const pairs = Array.from({ length: count }, (_, at) => ({ ...pair(at + 1), choices }));
  await connect(world, connectionId, ...pairs);
  await world.work();
  const { json } = await world.send('GET', '/v1/conflicts');
  return { world, connectionId, ids: json.items.map((item: { id: string }) => item.id) };
}

function resolve(world: ApiWorld, id: string | undefined, body: unknown) {
  return world.send('POST', `/v1/conflicts/${id}/resolve`, { body, role: 'service' });
}

test('held fields are listed with both values, why, and since when', async () => {
  const { world, connectionId, ids } = await withConflicts();
  expect(ids).toHaveLength(2);
  const { json } = await world.send('GET', `/v1/conflicts?connectionId=${connectionId}&limit=1`, { role: 'service' });
  expect(json.items).toMatchObject([
    {
      connectionId,
      crmType: 'company',
      actorType: 'customer',
      erpField: 'PHONE',
      crmField: 'phone',
      reason: 'choice-void',
    },
  ]);
  expect(json.items[0].crm).toMatch(/^\+31 30/);
  expect(json.items[0].erp).toMatch(/^\+31 20/);
  expect(json.items[0].since).toBe(new Date(world.nowMs).toISOString());
  const rest = await world.send('GET', `/v1/conflicts?connectionId=${connectionId}&limit=1&cursor=${json.nextCursor}`);
  expect(rest.json.items).toHaveLength(1);
  expect((await world.send('GET', '/v1/conflicts?connectionId=none')).json.items).toEqual([]);
});

test('a page has no more held fields than asked for, also of one link, and none is left out or listed twice', async () => {
  const { world, ids } = await withConflicts(3, [
    ['PHONE', 'phone'],
    ['NAME', 'name'],
  ]);
  expect(ids).toHaveLength(6);
  for (const limit of [1, 2, 3, 4, 5]) {
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const { json } = await world.send('GET', `/v1/conflicts?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`);
      expect(json.items.length).toBeLessThanOrEqual(limit);
      listed.push(...json.items.map(({ id }: { id: string }) => id));
      cursor = json.nextCursor;
    } while (cursor !== undefined);
    expect(listed, `${limit} a page`).toEqual(ids);
  }
  expect((await world.send('GET', '/v1/conflicts?cursor=bm9uZQ')).status).toBe(400);
});

test('a person keeps either side: it is written on the other at once, and the conflict is over', async () => {
  for (const keep of ['crm', 'erp'] as const) {
    const { world, ids } = await withConflicts(1);
    const kept = keep === 'crm' ? '+31 30 1' : '+31 20 1';
    const answer = await resolve(world, ids[0], { keep });
    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({ lane: 'high', trigger: { by: 'user', caller: 'key-of-service' } });
    await world.work();
    expect(world.crm.valuesOf('contact', 'c1').phone).toBe(kept);
    expect(world.erp.valuesOf('party', 'p1').PHONE).toBe(kept);
    expect((await world.send('GET', '/v1/conflicts')).json.items).toEqual([]);
    expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
    const changes = await world.send('GET', `/v1/sync-runs/${answer.json.id}/changes`);
    expect(changes.json.items).toMatchObject([{ rule: 'resolved', newValue: kept }]);
  }
});

test('a person enters a value: it is written on both sides', async () => {
  const { world, ids } = await withConflicts(1);
  expect((await resolve(world, ids[0], { value: '+31 99' })).status).toBe(202);
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 99');
  expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 99');
  expect((await world.send('GET', '/v1/conflicts')).json.items).toEqual([]);
  world.erp.edit('party', 'p1', { PHONE: '+31 100' });
  world.nowMs += 60_000;
  await world.send('POST', '/v1/sync-runs', {
    body: { kind: 'compare', connectionId: (await world.send('GET', '/v1/connections')).json.items[0].id },
  });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 100');
});

test('a conflict whose values moved is not resolved blindly', async () => {
  const { world, ids } = await withConflicts(1);
  world.crm.edit('contact', 'c1', { phone: '+31 77' });
  expect((await resolve(world, ids[0], { keep: 'erp' })).status).toBe(409);
  expect(world.messages).toEqual([]);
});

test('a value that moves after the decision voids it, and is shown anew', async () => {
  const { world, ids } = await withConflicts(1);
  await resolve(world, ids[0], { keep: 'erp' });
  world.crm.edit('contact', 'c1', { phone: '+31 77' });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 77');
  expect((await world.send('GET', '/v1/conflicts')).json.items).toMatchObject([{ id: ids[0], crm: '+31 77' }]);
});

test('a resolution that is none, or a conflict that is none, is refused', async () => {
  const { world, ids } = await withConflicts(1);
  expect((await resolve(world, ids[0], {})).status).toBe(400);
  expect((await resolve(world, ids[0], { keep: 'both' })).status).toBe(400);
  expect((await resolve(world, ids[0], { keep: 'crm', value: 'x' })).status).toBe(400);
  expect((await resolve(world, 'nowhere.1', { keep: 'crm' })).status).toBe(404);
  await resolve(world, ids[0], { keep: 'crm' });
  expect((await resolve(world, ids[0], { keep: 'crm' })).status).toBe(404);
});

test('of a value made of several fields a person keeps a side and enters none: one part alone would be written', async () => {
  const { world, connectionId, ids } = await withConflicts(1);
  const setup = await world.app.connections.getWholeSetup(world.tenantId, connectionId);
  for (const type of setup?.actorTypes ?? []) {
    const crmFields = type.crmFields.map((field) =>
      ['name', 'phone'].includes(field.key) ? { ...field, group: 'card' } : field,
    );
    await world.app.connections.replaceActorType({ ...type, crmFields });
  }
  const refused = await resolve(world, ids[0], { value: '+31 99' });
  expect(refused).toMatchObject({ status: 400, json: { errors: [{ path: 'value' }] } });
  expect((await resolve(world, ids[0], { keep: 'erp' })).status).toBe(202);
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 20 1');
});

test('a conflict of a record that is not in use is not resolved: nothing would be written', async () => {
  const { world, ids } = await withConflicts(1);
  world.erp.setStanding('party', 'p1', { kind: 'archived' });
  const refused = await resolve(world, ids[0], { keep: 'crm' });
  expect(refused).toMatchObject({ status: 409, json: { detail: expect.stringContaining('archived') } });
  expect(world.messages).toEqual([]);
});
