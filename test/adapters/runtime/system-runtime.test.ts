import { expect, test } from 'vitest';
import { systemRuntime, ulids } from '../../../functions/adapters/runtime/system-runtime.ts';

/** Ids made at these moments, in this order. */
function idsAt(...moments: number[]): string[] {
  const left = [...moments];
  const newId = ulids(() => left.shift() ?? 0);
  return moments.map(newId);
}

test('an id begins with its time, as the ULID specification shows', () => {
  expect(idsAt(1469918176385)[0]).toMatch(/^01ARYZ6S41/);
});

test('ids of later milliseconds sort later, from whichever process', () => {
  for (let round = 0; round < 100; round += 1) {
    const [earlier = ''] = idsAt(1_700_000_000_000);
    const [later = ''] = idsAt(1_700_000_000_001);
    expect(earlier < later).toBe(true);
  }
});

test('ids of one millisecond sort in the order in which they were made', () => {
  const ids = idsAt(...Array.from({ length: 2_000 }, () => 1_700_000_000_000));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(2_000);
});

test('a clock that steps back keeps the order, and its own time is used again once it has caught up', () => {
  const ids = idsAt(1_700_000_000_000, 1_699_999_990_000, 1_699_999_999_999, 1_700_000_000_000, 1_700_000_000_001);
  expect(ids.toSorted()).toEqual(ids);
  const [first, ...rest] = ids.map((id) => id.slice(0, 10));
  expect(rest.slice(0, 3)).toEqual([first, first, first]);
  expect(rest.at(-1)).not.toBe(first);
});

test('two runtimes of one process share the order', () => {
  const runtimes = [systemRuntime(), systemRuntime()];
  const ids = Array.from({ length: 1_000 }, (_, at) => runtimes[at % 2]?.newId() ?? '');
  expect(ids.toSorted()).toEqual(ids);
});

test('ids are safe in keys and URLs, and differ', () => {
  const { newId } = systemRuntime();
  const ids = Array.from({ length: 1_000 }, newId);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});

test('two makers draw their random parts each for themselves', () => {
  const drawn = Array.from({ length: 500 }, () => idsAt(1_700_000_000_000)[0]);
  expect(new Set(drawn).size).toBe(500);
});

test('random numbers lie in [0, 1)', () => {
  const { random } = systemRuntime();
  const drawn = Array.from({ length: 1_000 }, random);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
});
