import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCrmSimulator } from '../../local/crm-simulator/start-crm-simulator.ts';
import { call, type SignedInCrm, signIn, startSignedIn } from './crm-simulator-client.ts';

let crm: SignedInCrm;
beforeEach(async () => {
  crm = await startSignedIn();
});
afterEach(() => crm.stop());

const faults = (body: object) => crm.control('/faults', { method: 'PUT', body });
const rename = (name: string, id = 1) =>
  crm.api(`v1/Contact/${id}`, { method: 'PATCH', body: [{ op: 'replace', path: '/Name', value: name }] });
const nameOf = async (id = 1) => ((await crm.control(`/records/company/${id}`)).json as { name: string }).name;

test('a rule fails the next calls of its kind, then no more', async () => {
  await faults({
    rules: [
      { kind: 'get', action: '503', times: 2 },
      { kind: 'list', action: '429', retryAfterSeconds: 7 },
    ],
  });
  expect((await crm.api('v1/Contact/1')).status).toBe(503);
  expect((await crm.api('v1/Contact/1')).status).toBe(503);
  expect((await crm.api('v1/Contact/1')).status).toBe(200);
  const throttled = await crm.api('v1/Contact');
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await crm.api('v1/Contact')).status).toBe(200);
});

test('a rule can name one record', async () => {
  await faults({ rules: [{ kind: 'patch', action: '500', type: 'company', id: 2, times: 9 }] });
  expect((await rename('One', 1)).status).toBe(200);
  expect((await rename('Two', 2)).status).toBe(500);
});

test('an HTML page, a 401 and a dropped connection can be had', async () => {
  await faults({ rules: [{ action: 'html' }, { action: '401' }, { action: 'reset-before' }] });
  const page = await crm.api('v1/Contact/1');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await crm.api('v1/Contact/1')).status).toBe(401);
  await expect(crm.api('v1/Contact/1')).rejects.toThrow();
  expect((await crm.api('v1/Contact/1')).status).toBe(200);
});

test('a lost answer leaves the write done', async () => {
  await faults({ rules: [{ kind: 'patch', action: 'reset-after' }] });
  await expect(rename('Written')).rejects.toThrow();
  expect(await nameOf()).toBe('Written');
  await faults({ rules: [{ kind: 'patch', action: 'reset-before' }] });
  await expect(rename('Not written')).rejects.toThrow();
  expect(await nameOf()).toBe('Written');
});

test('a timeout is silence, before or after the write', async () => {
  const patches = async () => ((await crm.control('/calls')).json as { patch?: number }).patch ?? 0;
  const ticket = await signIn(crm, crm.credentials);
  /** Gives up a while after the call has come: how long it takes to come says nothing. */
  const impatient = async (name: string) => {
    const [stop, before] = [new AbortController(), await patches()];
    const asked = fetch(`${crm.apiRoot}/v1/Contact/1`, {
      method: 'PATCH',
      signal: stop.signal,
      headers: { Authorization: `SOTicket ${ticket}`, 'SO-AppToken': crm.credentials.clientSecret ?? '' },
      body: JSON.stringify([{ op: 'replace', path: '/Name', value: name }]),
    });
    await expect.poll(patches, { timeout: 20_000 }).toBe(before + 1);
    setTimeout(() => stop.abort(), 150);
    return asked;
  };
  await faults({
    rules: [
      { kind: 'patch', action: 'timeout-before' },
      { kind: 'patch', action: 'timeout-after' },
    ],
  });
  await expect(impatient('Before')).rejects.toThrow();
  expect(await nameOf()).toBe('Acme BV');
  await expect(impatient('After')).rejects.toThrow();
  expect(await nameOf()).toBe('After');
});

test('down drops every call until it is over, slow delays them', async () => {
  await faults({ down: true });
  await expect(crm.api('v1/Contact/1')).rejects.toThrow();
  await faults({ slowMs: { get: 80 } });
  const startedMs = performance.now();
  expect((await crm.api('v1/Contact/1')).status).toBe(200);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(75);
});

test('unknown faults are refused', async () => {
  expect((await faults({ nonsense: true })).status).toBe(400);
  expect((await faults({ rules: [{ action: 'explode' }] })).status).toBe(400);
});

test('a late commit is visible with an older stamp', async () => {
  await faults({ lateCommitSeconds: 90 });
  const { updated } = (await crm.control('/records/company/1', { method: 'PATCH', body: { code: 'L' } })).json as {
    updated: string;
  };
  expect(Date.now() - Date.parse(updated)).toBeGreaterThanOrEqual(90_000);
});

test("the Date header tells the server's clock", async () => {
  await faults({ clockOffsetSeconds: -3600 });
  const hourAgo = () => Date.now() - 3_600_000;
  const [before, { headers }, after] = [hourAgo(), await call(`${crm.url}/api/state/${crm.tenant}`), hourAgo()];
  const date = Date.parse(headers.get('date') ?? '');
  // The header has whole seconds.
  expect(date).toBeGreaterThan(before - 1_000);
  expect(date).toBeLessThanOrEqual(after);
});

test('a moved tenant answers 421 at its old address and lives at the one its state names', async () => {
  const state = async () => (await call(`${crm.url}/api/state/${crm.tenant}`)).json as Record<string, string>;
  expect(await state()).toMatchObject({ State: 'Running', IsRunning: true, Api: crm.apiRoot });
  await crm.control('/move-host', { method: 'POST' });
  expect((await crm.api('v1/Contact/1')).status).toBe(421);
  const { Api: moved } = await state();
  expect(moved).not.toBe(crm.apiRoot);
  expect((await call(moved ?? '')).status).toBe(200);
});

test('a tenant under maintenance says so and serves nobody', async () => {
  await faults({ tenantState: 'OfflineMaintenance' });
  expect((await call(`${crm.url}/api/state/${crm.tenant}`)).json).toMatchObject({
    State: 'OfflineMaintenance',
    IsRunning: false,
  });
  expect((await crm.api('v1/Contact/1')).status).toBe(503);
  expect((await call(`${crm.url}/api/state/Cust99999`)).status).toBe(404);
});

test('calls are counted by kind since the last reset', async () => {
  await crm.control('/calls/reset', { method: 'POST' });
  await crm.api('v1/Contact/1');
  await crm.api('v1/Contact');
  await crm.api('v1/Archive/dynamic?$select=contact.contact_id');
  await rename('Counted');
  expect((await crm.control('/calls')).json).toMatchObject({ get: 1, list: 2, patch: 1, auth: 0, total: 4 });
});

test('records are made, read, edited and deleted at the control door', async () => {
  const made = await crm.control('/records/person', {
    method: 'POST',
    body: { firstName: 'Eva', lastName: 'Berg', companyId: 3 },
  });
  expect([made.status, made.json]).toMatchObject([201, { id: 8, companyId: 3, deleted: false }]);
  const edited = await crm.control('/records/person/8?by=5', { method: 'PATCH', body: { email: 'eva@berg.example' } });
  expect(edited.json).toMatchObject({ email: 'eva@berg.example', emails: ['eva@berg.example'], updatedBy: 5 });
  expect((await crm.control('/records/person/8', { method: 'PATCH', body: { shoeSize: '38' } })).status).toBe(400);
  await crm.control('/records/person/8', { method: 'DELETE' });
  expect((await crm.control('/records/person/8')).json).toMatchObject({ deleted: true });
  await crm.control('/records/person/8?purge=true', { method: 'DELETE' });
  expect((await crm.control('/records/person/8')).status).toBe(404);
  expect((await crm.control('/records/person')).json).toHaveLength(1);
});

test('data and credentials survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-simulator-'));
  const options = { dataFile: join(folder, 'crm.json'), seed: { companies: [{ id: 9, name: 'Kept' }] } };
  const first = await startCrmSimulator(options);
  const before = (await call(`${first.controlUrl}/credentials`)).json;
  await call(`${first.controlUrl}/records/company/9`, { method: 'PATCH', body: { name: 'Kept and edited' } });
  await first.stop();
  const second = await startCrmSimulator(options);
  expect((await call(`${second.controlUrl}/credentials`)).json).toEqual(before);
  expect((await call(`${second.controlUrl}/records/company/9`)).json).toMatchObject({ name: 'Kept and edited' });
  await second.stop();
  rmSync(folder, { recursive: true });
});
