import { expect, test } from 'vitest';
import { callBudget } from '../../../functions/adapters/http/call-budget.ts';
import { SyncError } from '../../../functions/core/errors.ts';
import type { HttpClient } from '../../../functions/ports/http.ts';

const get = { method: 'GET', url: 'https://erp.example.com/x' } as const;

/** A server that takes so long over each call, before a clock that goes on by just that. */
function slow(tookMs: number) {
  const state = { nowMs: 0, deadlines: [] as (number | undefined)[] };
  const http: HttpClient = {
    async send({ deadlineMs }) {
      state.deadlines.push(deadlineMs);
      const isLate = deadlineMs !== undefined && deadlineMs < tookMs;
      state.nowMs += isLate ? deadlineMs : tookMs;
      if (isLate) throw new SyncError('unknown-outcome', 'No answer.');
      return { status: 200, headers: {}, text: '' };
    },
  };
  const budget = callBudget({ nowMs: () => state.nowMs });
  return { state, budget, http: budget.over(http) };
}

test('calls of one request share its time, and the error says who was silent and what was left behind', async () => {
  const { state, budget, http } = slow(4_000);
  const work = async () => {
    for (let calls = 0; calls < 10; calls += 1) await http.send(get);
  };
  await expect(budget.within(25_000, 'Nothing was changed.', work)).rejects.toMatchObject({
    kind: 'out-of-time',
    message: expect.stringMatching(
      /^erp.example.com did not answer in time: .* 25 s .* 6 were answered. Nothing was changed.$/,
    ),
  });
  expect(state.nowMs).toBe(25_000);
  expect(state.deadlines).toEqual([8_000, 8_000, 8_000, 8_000, 8_000, 5_000, 1_000]);
});

test('no call is begun when the time is over, and what is answered all the same is the answer', async () => {
  const { state, budget, http } = slow(4_000);
  const answer = await budget.within(4_000, '', async () => {
    await http.send(get);
    await expect(http.send(get)).rejects.toThrow('no time left');
    return 'enough';
  });
  expect(answer).toBe('enough');
  expect(state.deadlines).toHaveLength(1);
});

test('a failure within the time is told as it is, and calls outside a request have their own deadlines', async () => {
  const { state, budget, http } = slow(4_000);
  const failing = budget.within(25_000, '', async () => {
    await http.send(get);
    throw new SyncError('rejected', 'Not so.');
  });
  await expect(failing).rejects.toMatchObject({ kind: 'rejected' });
  await http.send({ ...get, deadlineMs: 9_000 });
  expect(state.deadlines.at(-1)).toBe(9_000);
});

test('requests side by side have each their own time', async () => {
  const { state, budget, http } = slow(1_000);
  const one = budget.within(25_000, '', async () => http.send(get));
  const other = budget.within(500, '', async () => http.send(get));
  await expect(one).resolves.toMatchObject({ status: 200 });
  await expect(other).rejects.toMatchObject({ kind: 'out-of-time' });
  expect(state.deadlines).toEqual([8_000, 500]);
});
