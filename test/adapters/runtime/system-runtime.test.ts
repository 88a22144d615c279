import { expect, test } from 'vitest';
import { systemRuntime, ulid } from '../../../functions/adapters/runtime/system-runtime.ts';

test('an id begins with its time, as the ULID specification shows', () => {
  expect(ulid(1469918176385, new Uint8Array(16))).toBe('01ARYZ6S410000000000000000');
});

test('ids of later milliseconds sort later', () => {
  const last = new Uint8Array(16).fill(255);
  expect(ulid(1_700_000_000_000, last) < ulid(1_700_000_000_001, new Uint8Array(16))).toBe(true);
});

test('ids are safe in keys and URLs, and differ', () => {
  const { newId } = systemRuntime();
  const ids = Array.from({ length: 1_000 }, newId);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});

test('random numbers lie in [0, 1)', () => {
  const { random } = systemRuntime();
  const drawn = Array.from({ length: 1_000 }, random);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
});
