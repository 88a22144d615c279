/** Systems that ask for patience: who is told, for how long, and what people see of it. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { nextThrottle } from '../../functions/core/timing/throttle.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const minuteMs = 60_000;

interface Trouble {
  where?: string;
  retryAfterMs?: number | undefined;
  readonly at: number[];
}

async function inTrouble(links = 2) {
  const trouble: Trouble = { at: [] };
  const world = await atRest({
    fields,
    links,
    gate: async (what) => {
      if (what !== trouble.where) return;
      trouble.at.push(world.nowMs);
      const { retryAfterMs } = trouble;
      throw new SyncError('throttled', 'Made to fail.', { ...(retryAfterMs !== undefined && { retryAfterMs }) });
    },
  });
  return { world, trouble };
}

function editAll(world: World): void {
  for (let at = 0; at < world.options.links; at += 1) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  world.nowMs += minuteMs;
}

test('without a time the wait is ten seconds, doubling to a quarter of an hour while it is in vain', () => {
  let nowMs = 1_000_000;
  let throttle = nextThrottle(undefined, nowMs, undefined);
  const waits = [throttle.untilMs - nowMs];
  for (let times = 0; times < 8; times += 1) {
    nowMs = throttle.untilMs + 500;
    throttle = nextThrottle(throttle, nowMs, undefined);
    waits.push(throttle.untilMs - nowMs);
  }
  expect(waits.map((ms) => ms / 1000)).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
  expect(nextThrottle(throttle, nowMs + 1, undefined)).toBe(throttle);
  const later = throttle.untilMs + 900_001;
  expect(nextThrottle(throttle, later, undefined)).toEqual({ untilMs: later + 10_000, chosenMs: 10_000 });
});

test('a time that is given is waited, and never shortens a wait that stands', () => {
  expect(nextThrottle(undefined, 1_000, 42_000)).toEqual({ untilMs: 43_000 });
  expect(nextThrottle({ untilMs: 90_000 }, 1_000, 42_000)).toEqual({ untilMs: 90_000 });
});

test('what one worker is told every worker heeds before it calls, of either system', async () => {
  for (const side of ['crm', 'erp'] as const) {
    const { world, trouble } = await inTrouble(60);
    editAll(world);
    await world.poll();
    Object.assign(trouble, { where: `${side}.get.sent`, retryAfterMs: 120_000 });
    await world.drain(40).catch(() => {});
    const [first = 0] = trouble.at;
    expect(
      trouble.at.filter((ms) => ms < first + 120_000),
      side,
    ).toHaveLength(1);
  }
});

test("the wait of the CRM is the tenant's, that of the ERP the connection's", async () => {
  const { world } = await inTrouble();
  const { throttles } = world.quiet;
  await throttles.note({ tenantId, connectionId, side: 'crm' }, world.nowMs, 5_000);
  await throttles.note({ tenantId, connectionId, side: 'erp' }, world.nowMs, 7_000);
  expect(await throttles.get(tenantId, connectionId)).toEqual({
    crm: { untilMs: world.nowMs + 5_000 },
    erp: { untilMs: world.nowMs + 7_000 },
  });
  expect(await throttles.get(tenantId, 'other')).toMatchObject({
    crm: { untilMs: world.nowMs + 5_000 },
    erp: undefined,
  });
});

test('a wait that was over and not renewed is forgotten, one that was renewed is not', async () => {
  const { world } = await inTrouble();
  const end = { tenantId, connectionId, side: 'erp' } as const;
  const { throttles } = world.quiet;
  const first = await throttles.note(end, world.nowMs, undefined);
  world.nowMs += 20_000;
  const second = await throttles.note(end, world.nowMs, undefined);
  expect(second.chosenMs).toBe(20_000);
  await throttles.clear(end, first);
  expect((await throttles.get(tenantId, connectionId)).erp).toEqual(second);
  await world.minutes(2);
  expect((await throttles.get(tenantId, connectionId)).erp).toBeUndefined();
});

test('a sign-in that is throttled for over a quarter of an hour is an open failure that says until when, and waits that long', async () => {
  const { world, trouble } = await inTrouble();
  editAll(world);
  Object.assign(trouble, { where: 'erp.capabilities.sent' });
  await world.minutes(25);
  const failures = await failuresOf(world);
  expect(failures).not.toEqual([]);
  for (const { kind, reason, nextAttemptAt = '' } of failures) {
    expect({ kind, reason }).toEqual({ kind: 'throttled', reason: 'throttled' });
    expect(Date.parse(nextAttemptAt)).toBeGreaterThan(0);
  }
  // 10 s, 20 s, 40 s … instead of every ten seconds.
  expect(trouble.at.length).toBeLessThan(12);
  trouble.where = undefined;
  await world.minutes(60);
  expect(await failuresOf(world)).toEqual([]);
  expect(world.erp.valuesOf('party', 'e1').NAME).toBe('new1');
});

test('a list that is to wait for hours is an open failure and is not asked for before', async () => {
  const { world, trouble } = await inTrouble();
  editAll(world);
  Object.assign(trouble, { where: 'erp.listChanges.sent', retryAfterMs: 5 * 60 * minuteMs });
  await world.minutes(5 * 60 - 2);
  expect(trouble.at).toHaveLength(1);
  const [first = 0] = trouble.at;
  const failure = (await failuresOf(world)).find(({ id }) => id === 'conn1.erp.party');
  expect(failure).toMatchObject({ kind: 'throttled' });
  expect(Date.parse(failure?.nextAttemptAt ?? '') - first).toBe(5 * 60 * minuteMs);
  trouble.where = undefined;
  await world.minutes(5);
  expect(await failuresOf(world)).toEqual([]);
  expect(world.erp.valuesOf('party', 'e1').NAME).toBe('new1');
});
