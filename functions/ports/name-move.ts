/**
 * A name that changes hands, in the transaction of the change itself. A name that nobody has claimed, as what was stored by
 * an earlier version has it, is given up without more.
 */
export interface NameMove {
  readonly gives?: string | undefined;
  /** SyncError `conflict` with the id of who has claimed it. */
  readonly takes?: string | undefined;
}
