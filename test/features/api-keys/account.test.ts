import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';

test('health needs no credentials', async () => {
  const answer = await new ApiWorld().send('GET', '/v1/health', { role: 'none' });
  expect(answer).toMatchObject({ status: 200, json: { status: 'ok' } });
});

test('a caller learns who they are', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const { json } = await world.send('GET', '/v1/me', { role: 'service' });
  expect(json).toEqual({
    caller: { kind: 'api-key', id: 'key-of-service' },
    tenant: { id: world.tenantId, crmContext: 'Cust11111' },
    roles: ['service'],
  });
});

test('a new key is shown once and listed without its secret', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const made = await world.send('POST', '/v1/api-keys', { body: { name: 'back end', role: 'service' } });
  expect(made.status).toBe(201);
  expect(made.json.key).toMatch(new RegExp(`^esk_${world.tenantId}_${made.json.id}_`));
  const { json } = await world.send('GET', '/v1/api-keys');
  expect(json.items.map((key: { name: string }) => key.name).sort()).toEqual(['back end', 'first key']);
  expect(JSON.stringify(json)).not.toMatch(/secret|esk_/i);
});

test('a replayed request for a key answers 409 with the id and never the key', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const sent = { body: { name: 'back end', role: 'service' }, headers: { 'idempotency-key': 'one' } };
  const first = await world.send('POST', '/v1/api-keys', sent);
  const second = await world.send('POST', '/v1/api-keys', sent);
  expect(second.status).toBe(409);
  expect(second.json).toMatchObject({ type: 'conflict', id: first.json.id });
  expect(JSON.stringify(second.json)).not.toContain('esk_');
});

test('a key that would have expired already is refused', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const body = { name: 'late', role: 'admin', expiresAt: '2020-01-01T00:00:00Z' };
  const answer = await world.send('POST', '/v1/api-keys', { body });
  expect(answer).toMatchObject({ status: 400, json: { errors: [{ path: 'expiresAt' }] } });
});

test('a key is removed once, and never by itself', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const { json } = await world.send('POST', '/v1/api-keys', { body: { name: 'back end', role: 'service' } });
  expect((await world.send('DELETE', `/v1/api-keys/${json.id}`)).status).toBe(204);
  expect((await world.send('DELETE', `/v1/api-keys/${json.id}`)).status).toBe(404);
  expect((await world.send('DELETE', '/v1/api-keys/key-of-admin')).status).toBe(409);
});

test('of the admin keys that are removed at once one remains, and the answer says what to do', async () => {
  const world = new ApiWorld();
  await world.tenants();
  for (const name of ['second', 'third']) await world.send('POST', '/v1/api-keys', { body: { name, role: 'admin' } });
  const soon = { name: 'expires', role: 'admin', expiresAt: '2026-11-23T09:00:00Z' };
  await world.send('POST', '/v1/api-keys', { body: soon });
  world.nowMs += 2 * 3_600_000;
  const { items } = (await world.send('GET', '/v1/api-keys')).json;
  const answers = await Promise.all(items.map(({ id }: { id: string }) => world.send('DELETE', `/v1/api-keys/${id}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 204, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.json.detail).toContain('make another one first');
  const left = (await world.send('GET', '/v1/api-keys')).json.items;
  expect(left).toHaveLength(1);
  expect(left[0].expiresAt).toBeUndefined();
});
