/** Whom one tenant's backlog on a slow ERP delays, by a model of the queue that is first come, first served. */
import { expect, test } from 'vitest';
import { type Arrival, type QueueFound, queueModel, runOf, type Started } from '../../bench/queue-model.ts';
import { interactiveBeyond, messagesInHand } from '../../functions/core/timing/caps.ts';
import { stages } from '../../lib/stages.ts';

const minuteMs = 60_000;
const watchedMs = 3 * minuteMs;

/** Numbers that look like chance, the same in every run. */
function chance(): () => number {
  let seed = 1;
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
}

function every(ms: number, of: (at: number) => Pick<Arrival, 'tenant' | 'workMs'>): Arrival[] {
  return Array.from({ length: Math.floor(watchedMs / ms) }, (_, at) => ({
    ...of(at),
    atMs: 100 + at * ms,
    interactive: true,
  }));
}

/** A tenant's 380 messages wait for an ERP; fifty others sync a link now and then, and so does a person of that tenant. */
function flooded(callMs: number, hasCaps: boolean): QueueFound {
  const flood = Array.from({ length: 380 }, () => ({ tenant: 'flood', atMs: 0, workMs: callMs, interactive: false }));
  const others = every(700, (at) => ({ tenant: `other${at % 50}`, workMs: 600 }));
  const own = every(10_000, () => ({ tenant: 'flood', workMs: 2 * callMs }));
  const workers = stages.prod.concurrency.high;
  return queueModel([...flood, ...others, ...own], { workers, hasCaps, turnAwayMs: 50, random: chance() });
}

function p95(started: readonly Started[], whose: (arrival: Arrival) => boolean): number {
  const delays = started.flatMap(({ arrival, delayMs }) => (whose(arrival) ? [delayMs] : [])).sort((a, b) => a - b);
  return delays[Math.ceil(0.95 * delays.length) - 1] ?? Number.NaN;
}

const isOthers = ({ tenant }: Arrival) => tenant !== 'flood';
const isOwn = ({ tenant, interactive }: Arrival) => tenant === 'flood' && interactive;

test("beside a tenant's 380 messages on a 4 s ERP others' sync now starts within 2 s, and its own within 5 s", () => {
  const { started, mostHeld } = flooded(4_000, true);
  expect(p95(started, isOthers)).toBeLessThanOrEqual(2_000);
  expect(p95(started, isOwn)).toBeLessThanOrEqual(5_000);
  expect(started.filter(({ arrival }) => !arrival.interactive)).toHaveLength(380);
  expect(mostHeld.get('flood')).toBeLessThanOrEqual(messagesInHand.connection + interactiveBeyond);
});

test('without the caps everybody would wait behind them', () => {
  const { started } = flooded(4_000, false);
  expect(p95(started, isOthers)).toBeGreaterThan(20_000);
});

test('an ERP that takes 30 s a call holds its cap of workers and no more, and delays nobody else', () => {
  const { started, mostHeld } = flooded(30_000, true);
  expect(mostHeld.get('flood')).toBeLessThanOrEqual(messagesInHand.connection + interactiveBeyond);
  expect(p95(started, isOthers)).toBeLessThanOrEqual(2_000);
});

test("one tenant's caps leave workers of every lane to others", () => {
  const { high, normal, low } = stages.prod.concurrency;
  expect(messagesInHand.tenant + interactiveBeyond).toBeLessThan(Math.min(high, normal));
  expect(messagesInHand.tenant).toBeLessThan(low);
});

test('how often a message of a run is put off does not grow with the run', () => {
  const putOff = (messages: number) => {
    const arrivals = runOf({ tenant: 'busy', atMs: 0, workMs: 4_000, interactive: false }, messages);
    const found = queueModel(arrivals, { workers: 20, hasCaps: true, turnAwayMs: 30, random: chance() });
    expect(found.started).toHaveLength(messages);
    return found.turnedAway / messages;
  };
  expect(putOff(4_000)).toBeLessThanOrEqual(putOff(400) + 0.5);
});
