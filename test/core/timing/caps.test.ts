import { expect, test } from 'vitest';
import { callsAtOnce, messagesInHand } from '../../../functions/core/timing/caps.ts';

test('all workers together open no more calls than a system allows, and each may open one', () => {
  for (const callsOpen of [8, 9, 31, 32, 100]) {
    expect(callsAtOnce(callsOpen, 'crm') * messagesInHand.tenant).toBeLessThanOrEqual(callsOpen);
    expect(callsAtOnce(callsOpen, 'erp') * messagesInHand.connection).toBeLessThanOrEqual(callsOpen);
  }
  expect(callsAtOnce(1, 'crm')).toBe(1);
  expect(callsAtOnce(32, 'crm')).toBe(4);
});
