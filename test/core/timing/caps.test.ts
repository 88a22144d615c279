import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  callsAtOnce,
  type Holding,
  interactiveBeyond,
  mayEnter,
  messagesInHand,
  putOffMs,
} from '../../../functions/core/timing/caps.ts';

const holding = fc.record({ connectionId: fc.constantFrom('c1', 'c2', 'c3'), interactive: fc.boolean() });
const calm = { crmCalm: false, erpCalm: false };
const many = (count: number, connectionId: string, interactive = false): Holding[] =>
  Array.from({ length: count }, () => ({ connectionId, interactive }));

test('whatever comes and goes, no tenant and no connection exceeds its cap, nor interactive work what it has beyond', () => {
  const step = fc.record({ asks: holding, leaves: fc.nat(), isLeaving: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const hands: Holding[] = [];
      for (const { asks, leaves, isLeaving } of steps) {
        if (isLeaving && hands.length > 0) hands.splice(leaves % hands.length, 1);
        else if (mayEnter(asks, { others: hands, ...calm })) hands.push(asks);
        const rest = hands.filter((one) => !one.interactive);
        expect(rest.length).toBeLessThanOrEqual(messagesInHand.tenant);
        expect(hands.length).toBeLessThanOrEqual(messagesInHand.tenant + interactiveBeyond);
        for (const id of ['c1', 'c2', 'c3']) {
          const of = (all: readonly Holding[]) => all.filter(({ connectionId }) => connectionId === id).length;
          expect(of(rest)).toBeLessThanOrEqual(messagesInHand.connection);
          expect(of(hands)).toBeLessThanOrEqual(messagesInHand.connection + interactiveBeyond);
        }
      }
    }),
  );
});

test('a connection that has all it may have leaves room for another one', () => {
  const others = many(messagesInHand.connection, 'c1');
  expect(mayEnter({ connectionId: 'c1', interactive: false }, { others, ...calm })).toBe(false);
  expect(mayEnter({ connectionId: 'c2', interactive: false }, { others, ...calm })).toBe(true);
});

test('what a person waits for goes beyond the caps, and no number of others that ask at the moment keeps it out', () => {
  const asking = { connectionId: 'c1', interactive: true };
  expect(mayEnter(asking, { others: many(50, 'c1'), ...calm })).toBe(true);
  const one = [...many(50, 'c1'), ...many(interactiveBeyond - 1, 'c1', true)];
  expect(mayEnter(asking, { others: one, ...calm })).toBe(true);
  expect(mayEnter(asking, { others: [...one, asking], ...calm })).toBe(false);
});

test('after a call for patience one message at a time works with that system', () => {
  const asking = { connectionId: 'c1', interactive: false };
  const ofOther = many(1, 'c2');
  expect(mayEnter(asking, { others: [], crmCalm: true, erpCalm: true })).toBe(true);
  expect(mayEnter(asking, { others: many(1, 'c1'), crmCalm: false, erpCalm: true })).toBe(false);
  expect(mayEnter(asking, { others: ofOther, crmCalm: false, erpCalm: true })).toBe(true);
  expect(mayEnter(asking, { others: ofOther, crmCalm: true, erpCalm: false })).toBe(false);
});

test('what is put off comes back after a second, later each time, and after a minute at most', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((times) => putOffMs(times, false, 0.5) / 1000);
  expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(putOffMs(9, false, 0.999)).toBe(60_000);
  expect(putOffMs(9, false, 0)).toBe(45_000);
  expect(putOffMs(9, true, 0.999)).toBe(4_000);
});

test('all workers together open no more calls than a system allows, and each may open one', () => {
  for (const callsOpen of [8, 9, 31, 32, 100]) {
    expect(callsAtOnce(callsOpen, 'crm') * messagesInHand.tenant).toBeLessThanOrEqual(callsOpen);
    expect(callsAtOnce(callsOpen, 'erp') * messagesInHand.connection).toBeLessThanOrEqual(callsOpen);
  }
  expect(callsAtOnce(1, 'crm')).toBe(1);
  expect(callsAtOnce(32, 'crm')).toBe(4);
});
