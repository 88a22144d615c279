import type { ActKind, Brake } from '../core/model/brake.ts';
import type { Failure } from '../core/model/failure.ts';
import type { Run, RunReason } from '../core/model/run.ts';

/** What an act is taken from. */
interface Purse {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly kind: ActKind;
  /** The UTC day (`YYYY-MM-DD`), a part of its acts, or the run that carries out the answer to a brake. */
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
   * Takes the part of one link (or of whatever is counted), in one transaction of its mark and the counter: false = `limit`
   * of them have taken theirs. What was taken once is free, so this is safe to repeat.
   */
  take(purse: Purse, taker: string, limit: number): Promise<boolean>;
  /** Ends the run as stopped-by-brake with its brakes and their failures, all or nothing. False = one of them is not as it was read. */
  stop(stop: Stop): Promise<boolean>;
  /** Sets a brake with its failure, or changes one that stands; false = it is not as it was read (revision 0: it stood not). */
  set(brake: Brake, failure: Failure): Promise<boolean>;
  /** Stores the answers and the run that carries them out, all or nothing. False = one of the brakes is not as it was read. */
  answer(brakes: readonly Brake[], run: Run): Promise<boolean>;
  /** With its failure; false = it is not as it was read. */
  lift(brake: Brake): Promise<boolean>;
}
