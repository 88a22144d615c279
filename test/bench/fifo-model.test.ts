import { expect, test } from 'vitest';
import { type Arrival, fifoModel } from '../../bench/fifo-model.ts';

const message = (tenant: string, atMs: number, workMs: number, interactive = false): Arrival => ({
  tenant,
  atMs,
  workMs,
  interactive,
});
const many = (count: number, of: Arrival) => Array.from({ length: count }, () => of);
const delaysOf = (tenant: string, { started }: ReturnType<typeof fifoModel>) =>
  started.flatMap(({ arrival, delayMs }) => (arrival.tenant === tenant ? [delayMs] : []));

test('messages start in their order, as workers become free', () => {
  const found = fifoModel([message('a', 0, 100), message('a', 0, 300), message('b', 10, 50)], { workers: 2 });
  expect(found.started.map(({ delayMs }) => delayMs)).toEqual([0, 0, 90]);
});

test('without caps everybody waits for whoever came first', () => {
  const found = fifoModel([...many(10, message('flood', 0, 1_000)), message('other', 1, 10)], { workers: 2 });
  expect(delaysOf('other', found)).toEqual([4_999]);
  expect(found.mostHeld.get('flood')).toBe(2);
});

test('a cap leaves workers to others, and every message is started once', () => {
  const arrivals = [...many(10, message('flood', 0, 1_000)), message('other', 1, 10)];
  const found = fifoModel(arrivals, { workers: 3, cap: 1, turnAwayMs: 10 });
  expect(found.mostHeld.get('flood')).toBe(1);
  expect(delaysOf('other', found)[0]).toBeLessThan(100);
  expect(found.started).toHaveLength(arrivals.length);
  expect(found.turnedAway).toBeGreaterThan(0);
});

test('what somebody waits for may go beyond the cap of its tenant', () => {
  const arrivals = [...many(5, message('flood', 0, 1_000)), message('flood', 500, 10, true)];
  const interactive = (found: ReturnType<typeof fifoModel>) =>
    found.started.find(({ arrival }) => arrival.interactive)?.delayMs;
  expect(interactive(fifoModel(arrivals, { workers: 4, cap: 1, interactiveExtra: 1 }))).toBe(0);
  expect(interactive(fifoModel(arrivals, { workers: 4, cap: 1 }))).toBeGreaterThan(0);
});

test('the same arrivals give the same answer, also with jitter', () => {
  const run = () => fifoModel(many(50, message('flood', 0, 700)), { workers: 5, cap: 2, jitter: 0.2 });
  expect(run()).toEqual(run());
});
