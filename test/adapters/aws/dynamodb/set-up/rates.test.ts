import { expect, test } from 'vitest';
import { ratesStore } from '../../../../../functions/adapters/aws/dynamodb/set-up/rates.ts';
import { memoryTable } from '../../../../../functions/adapters/memory/memory-table.ts';
import { memoryTelemetry } from '../../../../../functions/adapters/memory/memory-telemetry.ts';
import { SyncError } from '../../../../../functions/core/errors.ts';
import type { Rates } from '../../../../../functions/ports/rates.ts';
import type { Table, Write } from '../../../../../functions/ports/table.ts';

const start = Date.UTC(2026, 10, 26, 8);

/** Instances of a function on one table, all with one clock. */
function world(count: number, limits = { caller: 100, tenant: 1_000 }) {
  const clock = { now: start, nowMs: () => clock.now };
  const memory = memoryTable();
  const written: { at: number; by: number; write: Write }[] = [];
  const telemetry = memoryTelemetry();
  const state = { fails: false };
  const instances = Array.from({ length: count }, (_, by): Rates => {
    const table: Table = {
      ...memory,
      async write(write) {
        written.push({ at: clock.now, by, write });
        if (state.fails) throw new SyncError('throttled', 'Too much.');
        return memory.write(write);
      },
    };
    const every = { requests: limits, 'interactive-runs': { caller: 1, tenant: 1 }, 'failed-sign-ins': limits };
    return ratesStore({ table, runtime: clock, telemetry, limits: every });
  });
  const take = (by: number, caller = 'k1', tenantId = 't1') => {
    const instance = instances[by];
    if (!instance) throw new Error(`No instance ${by}.`);
    return instance.take('requests', { tenantId, caller });
  };
  const look = (caller = 'k1', tenantId = 't1') => instances[0]?.refusal('requests', { tenantId, caller });
  return { clock, take, look, written, telemetry, state };
}

/** How many of so many requests get through, `everyMs` apart, on the instance that `by` says. */
async function letThrough(one: ReturnType<typeof world>, requests: number, everyMs: number, by: (n: number) => number) {
  let through = 0;
  for (let n = 0; n < requests; n += 1) {
    if (!(await one.take(by(n)))) through += 1;
    one.clock.now += everyMs;
  }
  return through;
}

test('one instance lets through the limit in a minute, and the rest is told when the next minute begins', async () => {
  const one = world(1);
  expect(await letThrough(one, 150, 100, () => 0)).toBe(100);
  expect(await one.take(0)).toEqual({ of: 'caller', waitMs: 45_000 });
  one.clock.now += 44_999;
  expect(await one.take(0)).toMatchObject({ waitMs: 1 });
  one.clock.now += 1;
  expect(await one.take(0)).toBeUndefined();
});

test('a look tells of a limit that is met, counts nothing, asks nobody and pushes no tenant out', async () => {
  const one = world(1);
  await letThrough(one, 100, 0, () => 0);
  const shares = one.written.length;
  expect(one.look()).toEqual({ of: 'caller', waitMs: 60_000 });
  expect(one.look('k2')).toBeUndefined();
  for (let n = 0; n < 1_000; n += 1) expect(one.look('k1', `made-up-${n}`)).toBeUndefined();
  expect(one.look()).toEqual({ of: 'caller', waitMs: 60_000 });
  expect(one.written).toHaveLength(shares);
  one.clock.now += 60_000;
  expect(one.look()).toBeUndefined();
});

test.each([
  { instances: 2, everyMs: 0 },
  { instances: 2, everyMs: 100 },
  { instances: 5, everyMs: 1 },
  { instances: 20, everyMs: 0 },
  { instances: 20, everyMs: 50 },
])('$instances instances together keep the limit to a factor of two, $everyMs ms a request', async (given) => {
  const even = world(given.instances, { caller: 300, tenant: 3_000 });
  const inAMinute = Math.min(1_100, 59_000 / Math.max(1, given.everyMs));
  const through = await letThrough(even, inAMinute, given.everyMs, (n) => n % given.instances);
  expect(through).toBeGreaterThanOrEqual(150);
  expect(through).toBeLessThanOrEqual(600);
});

test('where all traffic goes to one of many instances it soon has the whole limit', async () => {
  const one = world(10, { caller: 600, tenant: 6_000 });
  await letThrough(one, 10, 1, (n) => n);
  expect(await letThrough(one, 590, 100, () => 9)).toBeGreaterThan(450);
});

test('an instance whose part is used up says when it will know more, and does then', async () => {
  const one = world(2);
  await one.take(0);
  const through = await letThrough(one, 100, 0, () => 1);
  expect(through).toBeLessThan(50);
  expect(await one.take(1)).toEqual({ of: 'caller', waitMs: 10_000 });
  one.clock.now += 10_000;
  expect(await one.take(1)).toBeUndefined();
});

test('an instance shares at most once in ten seconds', async () => {
  const one = world(2, { caller: 10_000, tenant: 10_000 });
  expect(await letThrough(one, 6_000, 20, (n) => n % 2)).toBe(6_000);
  for (const by of [0, 1]) {
    const times = one.written.filter((write) => write.by === by).map(({ at }) => at);
    expect(times).toHaveLength(12);
    for (const [n, at] of times.entries()) expect(at - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(10_000);
  }
});

test('a refused request costs no call', async () => {
  const one = world(1);
  await letThrough(one, 100, 0, () => 0);
  const before = one.written.length;
  expect(await letThrough(one, 500, 100, () => 0)).toBe(0);
  expect(one.written.length).toBe(before);
});

test('a caller at its limit leaves other callers and tenants theirs', async () => {
  const one = world(2);
  await letThrough(one, 400, 1, (n) => n % 2);
  for (const by of [0, 1]) {
    expect(await one.take(by, 'k1')).toMatchObject({ of: 'caller' });
    expect(await one.take(by, 'k2')).toBeUndefined();
    expect(await one.take(by, 'k1', 't2')).toBeUndefined();
  }
});

test('all callers of a tenant together have its limit', async () => {
  const one = world(2, { caller: 100, tenant: 150 });
  let through = 0;
  for (let n = 0; n < 800; n += 1) {
    if (!(await one.take(n % 2, `k${n % 8}`))) through += 1;
    one.clock.now += 50;
  }
  expect(through).toBeGreaterThanOrEqual(75);
  expect(through).toBeLessThanOrEqual(300);
  expect(await one.take(0, 'k99')).toMatchObject({ of: 'tenant' });
  expect(await one.take(0, 'k99', 't2')).toBeUndefined();
});

test('a share that fails refuses nothing and is counted; the counts are shared with the next one', async () => {
  const one = world(2);
  one.state.fails = true;
  expect(await letThrough(one, 90, 100, () => 0)).toBe(90);
  expect(one.telemetry.told).toEqual([{ kind: 'count', event: 'RatesNotShared', value: 1, ids: { kind: 'requests' } }]);
  one.state.fails = false;
  one.clock.now += 10_000;
  await one.take(0);
  expect(one.written.at(-1)?.write).toMatchObject({ add: { 'count-caller-k1': 91, 'count-tenant': 91 } });
});

test('what it keeps in memory and in an item does not grow with callers and tenants', async () => {
  const one = world(1, { caller: 2, tenant: 10_000 });
  for (let n = 0; n < 1_000; n += 1) {
    expect(await one.take(0, `k${n}`)).toBeUndefined();
    one.clock.now += 20;
  }
  for (const { write } of one.written) {
    expect('add' in write ? Object.keys(write.add ?? {}).length : 0).toBeLessThanOrEqual(100);
  }
  // Those who were not met for the longest are forgotten.
  await one.take(0, 'first');
  await one.take(0, 'first');
  expect(await one.take(0, 'first')).toMatchObject({ of: 'caller' });
  for (let n = 0; n < 100; n += 1) await one.take(0, `other${n}`);
  expect(await one.take(0, 'first')).toBeUndefined();
});
