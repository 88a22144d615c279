import type { ActKind, Brake } from '../core/model/brake.ts';
import type { Failure } from '../core/model/failure.ts';
import type { Run, RunReason } from '../core/model/run.ts';

/** What an act is taken from. */
interface Purse {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly kind: ActKind;
  /** The UTC day (`YYYY-MM-DD`), or the run that carries out the answer to a brake. */
  readonly of: string;
}

/** A run that ends with acts withheld, and the brakes that then stand. */
interface Stop {
  readonly run: Run;
  readonly at: string;
  readonly reason: RunReason;
  /** As they shall be; those that stood already with the revision that was read, new ones with revision 0. */
  readonly brakes: readonly { readonly brake: Brake; readonly failure: Failure }[];
}

/** Allowances and the brakes of connections; those that stand are read with the connection's set-up. */
export interface Brakes {
  /**
   * Takes one link's act, in one transaction of its mark and the counter: false = `limit` links have taken theirs. What a
   * link took once is free for it, so this is safe to repeat.
   */
  take(purse: Purse, linkId: string, limit: number): Promise<boolean>;
  /** Ends the run as stopped-by-brake with its brakes and their failures, all or nothing. False = one of them is not as it was read. */
  stop(stop: Stop): Promise<boolean>;
  /** Stores the answers and the run that carries them out, all or nothing. False = one of the brakes is not as it was read. */
  answer(brakes: readonly Brake[], run: Run): Promise<boolean>;
  /** With its failure; false = it is not as it was read. */
  lift(brake: Brake): Promise<boolean>;
}
