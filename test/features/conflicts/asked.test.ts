/** A connection that asks: the conflict is listed with its base, resolved by a person, or over by itself. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

async function asked() {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  await connect(world, connectionId, pair(1));
  await world.work();
  const changed = await world.change('PATCH', `/v1/connections/${connectionId}`, { conflictPolicy: { kind: 'ask' } });
  expect(changed).toMatchObject({ status: 200, json: { conflictPolicy: { kind: 'ask' } } });
  world.nowMs += 60_000;
  world.erp.edit('party', 'p1', { PHONE: '+31 71', COUNTRY: null });
  world.crm.edit('contact', 'c1', { phone: '+31 72', vatNo: 'NL99' });
  await sync(world, connectionId);
  const { json } = await world.send('GET', '/v1/conflicts');
  return { world, connectionId, conflicts: json.items };
}

async function sync(world: ApiWorld, connectionId: string): Promise<void> {
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  await world.work();
}

const phones = (world: ApiWorld) => [
  world.crm.valuesOf('contact', 'c1').phone,
  world.erp.valuesOf('party', 'p1').PHONE,
];

test('the conflict is listed with base, both values and since when, and all else of the record is written', async () => {
  const { world, conflicts } = await asked();
  expect(conflicts).toMatchObject([
    { erpField: 'PHONE', crmField: 'phone', reason: 'asked', base: { crm: '+31 30 1' }, crm: '+31 72', erp: '+31 71' },
  ]);
  expect(conflicts[0].since).toBe(new Date(world.nowMs).toISOString());
  expect(phones(world)).toEqual(['+31 72', '+31 71']);
  expect(world.crm.valuesOf('contact', 'c1').country).toBeNull();
  expect(world.erp.valuesOf('party', 'p1').VATNO).toBe('NL99');
  expect((await world.send('GET', '/v1/failures')).json.items).toMatchObject([{ fields: [{ reason: 'asked' }] }]);
});

test('a person keeps a side, and the conflict is closed', async () => {
  const { world, conflicts } = await asked();
  const resolved = await world.send('POST', `/v1/conflicts/${conflicts[0].id}/resolve`, { body: { keep: 'erp' } });
  expect(resolved.status).toBe(202);
  await world.work();
  expect(phones(world)).toEqual(['+31 71', '+31 71']);
  expect((await world.send('GET', '/v1/conflicts')).json.items).toEqual([]);
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
});

const logged = async (world: ApiWorld) => (await world.send('GET', '/v1/changes')).json.items;

test('what a person decides against is in the log as losing, with its base', async () => {
  const { world, conflicts } = await asked();
  await world.send('POST', `/v1/conflicts/${conflicts[0].id}/resolve`, { body: { keep: 'erp' } });
  await world.work();
  const base = { crm: '+31 30 1', erp: '+31 30 1' };
  const conflict = { winner: 'erp', policy: 'resolved', base, crm: '+31 72', erp: '+31 71' };
  expect(await logged(world)).toContainEqual(
    expect.objectContaining({ crmField: 'phone', rule: 'resolved', conflict }),
  );
});

test('what an entered value replaces is in the log as losing, with its base', async () => {
  const { world, conflicts } = await asked();
  await world.send('POST', `/v1/conflicts/${conflicts[0].id}/resolve`, { body: { value: '+31 73' } });
  await world.work();
  const rows = (await logged(world)).filter(({ newValue }: { newValue: string }) => newValue === '+31 73');
  expect(rows.map(({ oldValue }: { oldValue: string }) => oldValue).toSorted()).toEqual(['+31 71', '+31 72']);
  for (const { conflict } of rows) expect(conflict).toMatchObject({ base: { crm: '+31 30 1', erp: '+31 30 1' } });
});

test('a person enters a value, which is checked like any', async () => {
  const { world, conflicts } = await asked();
  const path = `/v1/conflicts/${conflicts[0].id}/resolve`;
  expect((await world.send('POST', path, { body: { value: 'x'.repeat(9_000) } })).status).toBe(400);
  expect((await world.send('POST', path, { body: { value: '+31 73' } })).status).toBe(202);
  await world.work();
  expect(phones(world)).toEqual(['+31 73', '+31 73']);
});

test('a conflict that the two sides have settled among themselves is gone', async () => {
  const { world, connectionId } = await asked();
  world.nowMs += 60_000;
  world.crm.edit('contact', 'c1', { phone: '+31 71' });
  await sync(world, connectionId);
  expect((await world.send('GET', '/v1/conflicts')).json.items).toEqual([]);
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
});

test('a value that changes meanwhile is shown as it is, and the conflict stays the same one', async () => {
  const { world, connectionId, conflicts } = await asked();
  world.nowMs += 60_000;
  world.crm.edit('contact', 'c1', { phone: '+31 74' });
  await sync(world, connectionId);
  const { json } = await world.send('GET', '/v1/conflicts');
  expect(json.items).toMatchObject([{ id: conflicts[0].id, since: conflicts[0].since, crm: '+31 74', erp: '+31 71' }]);
});

test('a conflict that was taken off the list and is over is listed when it comes anew', async () => {
  const { world, connectionId } = await asked();
  const [failure] = (await world.send('GET', '/v1/failures')).json.items;
  expect((await world.send('POST', `/v1/failures/${failure.id}/dismiss`)).status).toBe(204);
  for (const [erp, crm] of [
    ['+31 30 1', '+31 30 1'],
    ['+31 75', '+31 76'],
  ]) {
    world.nowMs += 60_000;
    world.erp.edit('party', 'p1', { PHONE: erp ?? null });
    world.crm.edit('contact', 'c1', { phone: crm ?? null });
    await sync(world, connectionId);
  }
  expect((await world.send('GET', '/v1/conflicts')).json.items).toMatchObject([{ crm: '+31 76', erp: '+31 75' }]);
});
