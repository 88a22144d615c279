import * as z from 'zod';
import { longestMessageDelayMs } from './retry.ts';

/** A system that asks for patience: nobody calls it before. */
export const Throttle = z.object({
  /** Milliseconds by our clock. */
  untilMs: z.number(),
  /** The wait of our own choice, where no time was given. */
  chosenMs: z.number().optional(),
});
export type Throttle = z.infer<typeof Throttle>;

const firstWaitMs = 10_000;
const shortestWaitMs = 1_000;

/**
 * The wait after one more call for patience. A time that is given is waited, never less than what stands already. Without
 * one it is 10 s, twice as long each time a wait was in vain, up to a quarter of an hour; who calls while a wait stands has
 * not met another one.
 */
export function nextThrottle(before: Throttle | undefined, nowMs: number, askedMs: number | undefined): Throttle {
  if (askedMs !== undefined) {
    return { untilMs: Math.max(before?.untilMs ?? 0, nowMs + Math.max(shortestWaitMs, askedMs)) };
  }
  if (before && before.untilMs > nowMs) return before;
  const isInVain = before !== undefined && nowMs - before.untilMs <= longestMessageDelayMs;
  const chosenMs = isInVain && before.chosenMs ? Math.min(longestMessageDelayMs, 2 * before.chosenMs) : firstWaitMs;
  return { untilMs: nowMs + chosenMs, chosenMs };
}
