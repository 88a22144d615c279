/** Each of a session's times, to the minute for which API Gateway keeps a verdict. */
import { expect, test } from 'vitest';
import { verdictKeptSeconds } from '../../../functions/core/timing/session.ts';
import type { Verdict } from '../../../functions/http/chain/principal.ts';
import type { ApiWorld } from '../api-world.ts';
import { begin, sessionTrail, signIn, signInWorld } from './sign-in-steps.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** API Gateway before the authorizer: a verdict is kept for a minute per header. */
function gateway(world: ApiWorld) {
  const kept = new Map<string, { verdict: Verdict; untilMs: number }>();
  return async (bearer: string): Promise<Verdict> => {
    const known = kept.get(bearer);
    if (known && world.nowMs < known.untilMs) return known.verdict;
    const verdict = await world.authorize(bearer);
    kept.set(bearer, { verdict, untilMs: world.nowMs + verdictKeptSeconds * 1000 });
    return verdict;
  };
}

const isIn = (verdict: Verdict) => verdict.refusal === undefined;

/** Until when somebody who asks every so often gets through, in ms from now. */
async function inFor(world: ApiWorld, bearer: string, everyMs: number, mostMs: number): Promise<number> {
  const ask = gateway(world);
  const sinceMs = world.nowMs;
  for (;;) {
    if (!isIn(await ask(bearer))) return world.nowMs - sinceMs;
    if (world.nowMs - sinceMs > mostMs) return Number.POSITIVE_INFINITY;
    world.nowMs += everyMs;
  }
}

test('a session that is used lasts for 24 hours and no longer', async () => {
  const world = await signInWorld();
  const lasted = await inFor(world, await signIn(world, '5'), 7 * minuteMs, 30 * hourMs);
  expect(lasted).toBeGreaterThanOrEqual(24 * hourMs);
  expect(lasted).toBeLessThan(24 * hourMs + 7 * minuteMs);
});

test('a session that is left alone ends after 8 hours, from its last use on', async () => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  world.nowMs += 8 * hourMs - 1;
  expect(isIn(await world.authorize(session))).toBe(true);
  world.nowMs += 8 * hourMs - 1;
  expect(isIn(await world.authorize(session))).toBe(true);
  world.nowMs += 8 * hourMs;
  expect(await world.authorize(session)).toEqual({ refusal: 'session-ended' });
});

test('a session of an API key lasts for 8 hours however it is used, and no longer than the key', async () => {
  const world = await signInWorld();
  const keyUntil = async (expiresAt?: string) => {
    const body = { name: 'CRM', role: 'service', expiresAt };
    const { key } = (await world.send('POST', '/v1/api-keys', { body })).json;
    return (await begin(world, { apiKey: key })).json.session;
  };
  const [endless, short] = [await keyUntil(), await keyUntil(new Date(world.nowMs + hourMs).toISOString())];
  world.nowMs += hourMs - 1;
  expect([isIn(await world.authorize(endless)), isIn(await world.authorize(short))]).toEqual([true, true]);
  world.nowMs += 1;
  expect([isIn(await world.authorize(endless)), isIn(await world.authorize(short))]).toEqual([true, false]);
  const lasted = await inFor(world, endless, 5 * minuteMs, 9 * hourMs);
  expect(lasted).toBeLessThanOrEqual(7 * hourMs + 5 * minuteMs);
  expect(lasted).toBeGreaterThanOrEqual(7 * hourMs);
});

test('the session of a key that is removed ends within a minute', async () => {
  const world = await signInWorld();
  const { key, id } = (await world.send('POST', '/v1/api-keys', { body: { name: 'CRM', role: 'service' } })).json;
  const { session } = (await begin(world, { apiKey: key })).json;
  const ask = gateway(world);
  expect([isIn(await ask(session)), isIn(await ask(key))]).toEqual([true, true]);
  await world.send('DELETE', `/v1/api-keys/${id}`);
  world.nowMs += minuteMs;
  expect([isIn(await ask(session)), isIn(await ask(key))]).toEqual([false, false]);
});

test('a user whom the CRM lets in no more is out within ten minutes, and the trail says so', async () => {
  const world = await signInWorld();
  for (const everyMs of [1_000, 20_000, 59_000, 61_000, 149_000]) {
    const user = { name: 'Tom Berg', groups: [2], isAdministrator: false };
    world.provider.users.set('5', user);
    const session = await signIn(world, '5');
    world.provider.users.delete('5');
    expect(await inFor(world, session, everyMs, hourMs)).toBeLessThanOrEqual(10 * minuteMs + everyMs);
    expect((await sessionTrail(world)).at(-1)).toMatchObject({
      act: 'session.end',
      subject: { id: session.split('_')[2] },
      changes: [{ path: 'reason' }, { path: 'role' }],
    });
  }
});

test('role and groups are read again as the user, at most every eight minutes and at least every ten', async () => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  const asked = () => world.provider.asked.filter(({ body }) => body?.includes('grant_type=refresh_token')).length;
  world.provider.users.set('5', { name: 'Tom Berg', groups: [3], isAdministrator: true });
  const ask = gateway(world);
  for (let n = 0; n < 600; n += 1) {
    world.nowMs += 1_000;
    await ask(session);
  }
  expect(await ask(session)).toMatchObject({ role: 'admin', usergroups: '3' });
  expect(asked()).toBe(1);
  for (let n = 0; n < 3_000; n += 1) {
    world.nowMs += 1_000;
    await ask(session);
  }
  expect(asked()).toBeGreaterThanOrEqual(5);
  expect(asked()).toBeLessThanOrEqual(7);
});

test('while the CRM cannot be asked its last answer holds for 60 minutes, and then no more', async () => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  world.provider.down = true;
  const held = await inFor(world, session, 30_000, 3 * hourMs);
  expect(held).toBeLessThanOrEqual(60 * minuteMs);
  expect(held).toBeGreaterThanOrEqual(58 * minuteMs);
  expect(await world.authorize(session)).toEqual({ refusal: 'session-unconfirmed' });
  const answer = await world.send('GET', '/v1/me', { bearer: session });
  expect(answer).toMatchObject({ status: 401, json: { type: 'unauthenticated' } });
  world.provider.down = false;
  world.nowMs += minuteMs;
  expect(isIn(await world.authorize(session))).toBe(true);
});

test('a session of an id_token, with which nobody can be asked again, ends after 60 minutes', async () => {
  const world = await signInWorld();
  const idToken = world.provider.idToken('10', 'Cust11111');
  const { session } = (await begin(world, { idToken, tenant: 'Cust11111' })).json;
  const lasted = await inFor(world, session, 10_000, 3 * hourMs);
  expect(lasted).toBeLessThanOrEqual(60 * minuteMs);
  expect(lasted).toBeGreaterThanOrEqual(58 * minuteMs);
});
