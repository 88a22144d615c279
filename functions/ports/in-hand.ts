import type { Holding, InHand } from '../core/timing/caps.ts';
import type { ConnectionEnd } from './throttles.ts';

/** A worker message that asks to be worked on, under an id of this one receive. */
export interface Asking extends Holding {
  readonly tenantId: string;
  readonly id: string;
}

/** A message as it was entered; to be left by. */
export interface Entered {
  readonly asking: Asking;
  /** What the tenant had in hand beside it at that moment. */
  readonly beside: InHand;
  /** Of workers who died: named, to be taken away with it. */
  readonly expired: readonly string[];
}

/** What each tenant has in hand, in one item. Neither method decides: whoever may not stay leaves again. */
export interface MessagesInHand {
  /** Counts until it is left, or until `untilMs` if its worker dies. A repeat after a lost answer is one. */
  enter(asking: Asking, nowMs: number, untilMs: number): Promise<Entered>;
  /** Safe to repeat. */
  leave(entered: Entered): Promise<void>;
  /** A system has asked for patience: until then one message at a time works with it. */
  keepCalm(end: ConnectionEnd, untilMs: number): Promise<void>;
}
