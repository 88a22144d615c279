import { setTimeout as sleep } from 'node:timers/promises';

const dayMs = 86_400_000;
/** What the tests of a file need together on a machine under load, several times over. */
const neededMs = 240_000;

/** For the hook that waits: beside its own work. */
export const oneDayTimeoutMs = neededMs + 120_000;

/** What a brake allows is allowed anew with each UTC day: where this one ends soon, tests that use it up begin in the next. */
export async function untilADayIsLong(): Promise<void> {
  const leftMs = dayMs - (Date.now() % dayMs);
  if (leftMs < neededMs) await sleep(leftMs);
}
