import { expect, test } from 'vitest';
import type { ApiWorld } from '../api-world.ts';
import { begin, comeBack, fragmentOf, newPage, sessionTrail, signIn, signInWorld, start } from './sign-in-steps.ts';

const dueMs = 8.5 * 60_000;
const refreshes = (world: ApiWorld) =>
  world.provider.asked.filter(({ body }) => body?.includes('grant_type=refresh_token')).length;

test('of many requests at once that find it time to ask one asks', async () => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  world.nowMs += dueMs;
  const verdicts = await Promise.all(Array.from({ length: 20 }, () => world.authorize(session)));
  expect(verdicts.every(({ userid }) => userid === '5')).toBe(true);
  expect(refreshes(world)).toBe(1);
});

test('a CRM that does not answer is asked at most every half minute', async () => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  world.nowMs += dueMs;
  world.provider.down = true;
  for (let n = 0; n < 60; n += 1) {
    await world.authorize(session);
    world.nowMs += 1_000;
  }
  expect(refreshes(world)).toBe(2);
});

test.each([401, 403])('a user to whom the CRM says %i is out', async (status) => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  world.nowMs += dueMs;
  world.provider.principalStatus = status;
  expect(await world.authorize(session)).toEqual({ refusal: 'session-ended' });
});

test('trouble of the CRM, and of our own secret, takes nobody out', async () => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  world.nowMs += dueMs;
  world.provider.principalStatus = 500;
  expect(await world.authorize(session)).toMatchObject({ userid: '5' });
  world.provider.principalStatus = 200;
  world.provider.refusesClient = true;
  world.nowMs += 60_000;
  expect(await world.authorize(session)).toMatchObject({ userid: '5' });
});

test('a session that was ended while the CRM was asked stays ended', async () => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  world.nowMs += dueMs;
  const send = world.provider.send.bind(world.provider);
  world.provider.send = async (request) => {
    await world.app.sessions.end(world.tenantId, session.split('_')[2] ?? '', []);
    return send(request);
  };
  expect(await world.authorize(session)).toEqual({ refusal: 'session-ended' });
});

test('sign-ins that fail are limited for a tenant and an address, good ones and other tenants go on', async () => {
  const world = await signInWorld();
  world.limitFailures({ caller: 3, tenant: 100 });
  const wrong = { apiKey: `esk_${world.tenantId}_x_${'a'.repeat(43)}` };
  const statuses: number[] = [];
  for (let n = 0; n < 6; n += 1) statuses.push((await begin(world, wrong)).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  const refused = await begin(world, wrong);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  const others = { apiKey: `esk_${world.otherTenantId}_x_${'a'.repeat(43)}` };
  expect((await begin(world, others)).status).toBe(401);
  expect(await sessionTrail(world)).toHaveLength(3);
  const { code, state } = world.provider.signIn(String((await start(world, newPage())).headers.location), '5');
  expect(fragmentOf(await comeBack(world, { code, state }))).toEqual({ signIn: 'too-many' });
  world.nowMs += 60_000;
  await signIn(world, '5');
});
