import { expect, test } from 'vitest';
import { signInOnce } from '../../../functions/adapters/http/sign-in-once.ts';
import { SyncError } from '../../../functions/core/errors.ts';

/** A sign-in that answers in turn what it is told to, and counts. */
function scripted(answers: (string | SyncError)[]) {
  const clock = { nowMs: 0, tries: 0 };
  const signIn = async () => {
    const answer = answers[clock.tries] ?? 'ticket';
    clock.tries += 1;
    if (answer instanceof SyncError) throw answer;
    return answer;
  };
  return { clock, tickets: signInOnce({ runtime: { nowMs: () => clock.nowMs } }, signIn) };
}

test('concurrent calls share one sign-in, and it is kept', async () => {
  const { clock, tickets } = scripted(['one']);
  expect(await Promise.all([tickets.get(), tickets.get()])).toEqual(['one', 'one']);
  expect(await tickets.get()).toBe('one');
  expect(clock.tries).toBe(1);
});

test('a ticket that was used up is dropped once, whoever says so first', async () => {
  const { tickets } = scripted(['one', 'two']);
  const used = tickets.get();
  await used;
  tickets.drop(used);
  expect(await tickets.get()).toBe('two');
  tickets.drop(used);
  expect(await tickets.get()).toBe('two');
});

test('a refused sign-in is not tried again for a minute, and then it is', async () => {
  const refused = new SyncError('unauthorised', 'Refused.');
  const { clock, tickets } = scripted([refused, 'one']);
  await expect(tickets.get()).rejects.toBe(refused);
  clock.nowMs = 59_999;
  await expect(tickets.get()).rejects.toBe(refused);
  expect(clock.tries).toBe(1);
  clock.nowMs = 60_000;
  expect(await tickets.get()).toBe('one');
});

test('a sign-in that could not be made is tried by the next call', async () => {
  const { clock, tickets } = scripted([new SyncError('transient', 'No answer.'), 'one']);
  await expect(tickets.get()).rejects.toThrow('No answer.');
  expect(await tickets.get()).toBe('one');
  expect(clock.tries).toBe(2);
});
