/** What mends a failure, as its list and its own answer say. */
import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

test('a failure and each of its fields say what mends them, in the list and read alone', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  world.crm.edit('contact', 'c1', { vatNo: 'NL000000001' });
  const choices = [{ erpField: 'PHONE', crmField: 'phone', keep: 'erp', fingerprint: 'of other values' }];
  await connect(world, connectionId, { ...pair(1), choices });
  await world.work();
  const [failure] = (await world.send('GET', '/v1/failures')).json.items;
  expect(failure).toMatchObject({
    remedy: expect.stringContaining('`fields`'),
    fields: [
      { reason: 'choice-void', remedy: expect.stringContaining('resolve the conflict') },
      { reason: 'too-long', remedy: expect.stringContaining('Shorten') },
    ],
  });
  const read = await world.send('GET', `/v1/failures/${failure.id}`, { role: 'service' });
  expect(read).toMatchObject({ status: 200, json: failure });
});

test('the failure of a suspended connection says that it is tested once mended, and is gone after that', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  world.erpError = () => new SyncError('unauthorised', 'Refused.', { explanation: 'account locked' });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  await world.work();
  const path = `/v1/failures/${connectionId}.suspended`;
  const { json } = await world.send('GET', path);
  expect(json.remedy).toMatch(/credentials.*Then test the connection/);
  // The words of a system stand beside it, never in it.
  expect(json.remedy).not.toContain('locked');
  expect((await world.send('GET', path, { tenantId: world.otherTenantId })).status).toBe(404);
  world.erpError = undefined;
  await world.send('POST', `/v1/connections/${connectionId}/test`);
  expect((await world.send('GET', path)).status).toBe(404);
});
