import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

/** Two links whose VAT numbers are too long for the ERP. */
async function withFailures(): Promise<{ world: ApiWorld; connectionId: string; linkIds: string[] }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 2);
  for (const at of [1, 2]) world.crm.edit('contact', `c${at}`, { vatNo: `NL00000000${at}` });
  const { json } = await connect(world, connectionId, pair(1), pair(2));
  await world.work();
  return { world, connectionId, linkIds: json.items.map((item: { linkId: string }) => item.linkId) };
}

async function failures(world: ApiWorld, query = '') {
  return (await world.send('GET', `/v1/failures${query}`, { role: 'service' })).json.items;
}

test('what needs a person is listed, by connection and link too', async () => {
  const { world, connectionId, linkIds } = await withFailures();
  const all = await failures(world);
  expect(all).toHaveLength(2);
  expect(all[0]).toMatchObject({
    connectionId,
    kind: 'rejected',
    reason: 'fields-left-alone',
    fields: [{ field: 'VATNO~vatNo', kind: 'rejected', reason: 'too-long' }],
  });
  expect(world.storageCalls).toBeLessThanOrEqual(2);
  expect(await failures(world, `?linkId=${linkIds[0]}`)).toHaveLength(1);
  expect(await failures(world, `?connectionId=${connectionId}`)).toHaveLength(2);
  expect(await failures(world, '?connectionId=none')).toEqual([]);
});

test('a retry tries again what was left alone; success closes the failure', async () => {
  const { world, linkIds } = await withFailures();
  const [failure] = await failures(world, `?linkId=${linkIds[0]}`);
  world.crm.edit('contact', 'c1', { vatNo: 'NL1' });
  const answer = await world.send('POST', `/v1/failures/${failure.id}/retry`, { role: 'service' });
  expect(answer.status).toBe(202);
  expect(world.messages).toMatchObject([{ kind: 'look', lane: 'high', interactive: true, linkIds: [linkIds[0]] }]);
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').VATNO).toBe('NL1');
  expect(await failures(world)).toHaveLength(1);
  const run = await world.send('GET', `/v1/sync-runs/${answer.json.runIds[0]}`);
  expect(run.json).toMatchObject({ trigger: { by: 'retry', caller: 'key-of-service' }, state: 'done' });
});

test('a retry that fails again leaves the failure open', async () => {
  const { world, linkIds } = await withFailures();
  const [failure] = await failures(world, `?linkId=${linkIds[0]}`);
  await world.send('POST', `/v1/failures/${failure.id}/retry`);
  await world.work();
  expect(await failures(world, `?linkId=${linkIds[0]}`)).toMatchObject([
    { id: failure.id, firstAt: failure.firstAt, attempts: 2, fields: [{ reason: 'too-long' }] },
  ]);
});

test('failures are retried by filter', async () => {
  const { world, connectionId } = await withFailures();
  const none = await world.send('POST', '/v1/failures/retry', { body: { connectionId, reason: 'choice-void' } });
  expect(none.json).toEqual({ retried: 0, runIds: [], refused: [] });
  for (const at of [1, 2]) world.crm.edit('contact', `c${at}`, { vatNo: `NL${at}` });
  const { status, json } = await world.send('POST', '/v1/failures/retry', { body: { reason: 'too-long' } });
  expect(status).toBe(202);
  expect(json).toMatchObject({ retried: 2, refused: [] });
  expect(json.runIds).toHaveLength(1);
  await world.work();
  expect(await failures(world)).toEqual([]);
});

test('a field no longer mapped has its failure closed by a retry', async () => {
  const { world, connectionId, linkIds } = await withFailures();
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  const path = `/v1/connections/${connectionId}/actor-types/customer/mapping`;
  const { json } = await world.send('GET', path);
  const fields = json.fields.filter((row: { erpField: string }) => row.erpField !== 'VATNO');
  await world.change('PUT', path, { active: true, fields });
  const [failure] = await failures(world, `?linkId=${linkIds[0]}`);
  expect((await world.send('POST', `/v1/failures/${failure.id}/retry`)).status).toBe(409);
  await world.send('POST', `/v1/connections/${connectionId}/activate`);
  expect((await world.send('POST', `/v1/failures/${failure.id}/retry`)).status).toBe(202);
  expect(await failures(world, `?linkId=${linkIds[0]}`)).toEqual([]);
});

test('a choice that became void is decided by the policy after a retry', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  const choices = [{ erpField: 'PHONE', crmField: 'phone', keep: 'erp', fingerprint: 'of other values' }];
  await connect(world, connectionId, { ...pair(1), choices });
  await world.work();
  const [failure] = await failures(world);
  expect(failure.fields).toMatchObject([{ reason: 'choice-void', forms: { crm: '+31 30 1', erp: '+31 20 1' } }]);
  await world.send('POST', `/v1/failures/${failure.id}/retry`);
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 30 1');
  expect(await failures(world)).toEqual([]);
});

test("a retry by filter is of the fields that it names: a void choice beside them is nobody else's to decide", async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  world.crm.edit('contact', 'c1', { vatNo: 'NL000000001' });
  const choices = [{ erpField: 'PHONE', crmField: 'phone', keep: 'erp', fingerprint: 'of other values' }];
  await connect(world, connectionId, { ...pair(1), choices });
  await world.work();
  const [failure] = await failures(world);
  expect(failure.fields).toMatchObject([{ reason: 'choice-void' }, { reason: 'too-long' }]);
  const retry = (body: object) => world.send('POST', '/v1/failures/retry', { body });
  for (const body of [{ reason: 'too-long' }, { kind: 'rejected' }]) {
    expect((await retry(body)).json).toMatchObject({ retried: 1 });
    await world.work();
    expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 20 1');
  }
  expect((await retry({ kind: 'rejected', reason: 'choice-void' })).json).toMatchObject({ retried: 0 });
  expect(await failures(world)).toMatchObject([
    { attempts: 3, fields: [{ reason: 'choice-void' }, { reason: 'too-long' }] },
  ]);
  await retry({ reason: 'fields-left-alone' });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 30 1');
});

test('retrying a suspended connection tests it; a failing test answers 422', async () => {
  const { world, connectionId } = await withFailures();
  world.erpError = () => new SyncError('unauthorised', 'Refused.', { explanation: 'account locked' });
  const run = await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  expect(run.status).toBe(202);
  await world.work();
  expect((await world.send('GET', `/v1/connections/${connectionId}`)).json.state).toBe('suspended');
  const id = `${connectionId}.suspended`;
  const refused = await world.send('POST', `/v1/failures/${id}/retry`);
  expect(refused).toMatchObject({ status: 422, json: { explanation: 'account locked' } });
  const filtered = await world.send('POST', '/v1/failures/retry');
  expect(filtered.json).toMatchObject({ retried: 0, refused: [{ connectionId }] });
  world.erpError = undefined;
  expect((await world.send('POST', `/v1/failures/${id}/retry`)).status).toBe(202);
  expect((await world.send('GET', `/v1/connections/${connectionId}`)).json.state).toBe('active');
});

test('a dismissed failure is off the list and out of the counts', async () => {
  const { world, connectionId, linkIds } = await withFailures();
  const [failure] = await failures(world, `?linkId=${linkIds[0]}`);
  expect((await world.send('POST', `/v1/failures/${failure.id}/dismiss`, { role: 'service' })).status).toBe(204);
  expect((await world.send('POST', `/v1/failures/${failure.id}/dismiss`)).status).toBe(404);
  expect(await failures(world)).toHaveLength(1);
  expect((await world.send('GET', `/v1/links/${linkIds[0]}`)).json.openFailures).toEqual([]);
  const summary = await world.send('GET', `/v1/connections/${connectionId}/summary`);
  expect(summary.json.actorTypes[0].failures).toBe(1);
});

test('a failure is read by its id', async () => {
  const { world, linkIds } = await withFailures();
  const read = await world.send('GET', `/v1/failures/${linkIds[0]}`, { role: 'service' });
  expect(read).toMatchObject({
    status: 200,
    json: { id: linkIds[0], linkId: linkIds[0], fields: [{ reason: 'too-long' }] },
  });
  expect((await world.send('GET', '/v1/failures/none')).status).toBe(404);
});

test('a dismissed failure leaves its link due, and is not listed again by the next look', async () => {
  const { world, connectionId, linkIds } = await withFailures();
  const [tenantId, linkId] = [world.tenantId, linkIds[0] ?? ''];
  const due = { tenantId, connectionId, linkId, sequence: 'later' };
  await world.app.dueItems.putMany([due]);
  await world.send('POST', `/v1/failures/${linkId}/dismiss`);
  expect(await world.app.dueItems.getMany(tenantId, connectionId, [linkId])).toEqual([due]);
  world.crm.edit('contact', 'c1', { phone: '+31 77 1' });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 77 1');
  expect(await failures(world, `?linkId=${linkId}`)).toEqual([]);
});

test('failures that do not exist are not found', async () => {
  const { world } = await withFailures();
  expect((await world.send('POST', '/v1/failures/none/retry')).status).toBe(404);
  expect((await world.send('POST', '/v1/failures/none/dismiss')).status).toBe(404);
});
