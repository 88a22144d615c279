import { expect, test } from 'vitest';
import { turns } from '../../../functions/adapters/http/turns.ts';

function atSecond(limitUsedAtMs: number | undefined) {
  let nowMs = 0;
  const slept: number[] = [];
  const turn = turns({
    nowMs: () => nowMs,
    sleep: async (ms) => {
      slept.push(ms);
    },
  });
  if (limitUsedAtMs !== undefined) {
    nowMs = limitUsedAtMs;
    turn.noteThrough();
  }
  nowMs = 10_000;
  return { turn, slept };
}

test.each([
  ['as long as it is told', 3_000, 3_000],
  ['a second where no time is told', undefined, 1_000],
])('a call that ours before it used up the limit for is sent again after %s', async (_case, told, waited) => {
  const { turn, slept } = atSecond(9_500);
  expect(await turn.await(told)).toBe(true);
  expect(slept).toEqual([waited]);
});

test.each([
  ['no call of ours got through', undefined, 1_000],
  ['the last one of ours was long ago', 7_000, 1_000],
  ['it would take longer than a worker waits', 9_500, 5_001],
])('the engine is told at once where %s', async (_case, usedAtMs, told) => {
  const { turn, slept } = atSecond(usedAtMs);
  expect(await turn.await(told)).toBe(false);
  expect(slept).toEqual([]);
});
