import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Rounds {
  /** Waits for the answer; what is asked in one turn of the event loop is answered together, as one round. */
  answered(): Promise<void>;
  count(): number;
}

/** Counts what had to wait one after another: nothing but what is asked takes any time. */
export function countRounds(): Rounds {
  let counted = 0;
  let round: Promise<void> | undefined;
  return {
    answered: () => {
      round ??= nextTurn().then(() => {
        round = undefined;
        counted += 1;
      });
      return round;
    },
    count: () => counted,
  };
}
