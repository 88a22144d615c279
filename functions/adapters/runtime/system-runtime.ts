import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import type { Runtime } from '../../ports/runtime.ts';

const random = () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;

/**
 * ULIDs (https://github.com/ulid/spec), each greater than the one before: within a millisecond, and after the clock has
 * stepped back, the last one is counted up. Ids of two makers are ordered by their milliseconds only.
 */
export function ulids(nowMs: () => number): () => string {
  const next = monotonicFactory(random);
  return () => next(nowMs());
}

/** One for the whole process, so that its ids sort in the order in which they were made. */
const newId = ulids(Date.now);

/** The machine's clock and its cryptographic generator. */
export function systemRuntime(): Runtime {
  return {
    nowMs: () => Date.now(),
    now: () => new Date().toISOString(),
    newId,
    sleep: (ms) => setTimeout(ms),
    random,
  };
}
