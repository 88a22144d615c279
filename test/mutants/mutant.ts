/** A one-line fault in a rule of the engine, and the tests of which at least one must fail for it. */
export interface Mutant {
  readonly id: string;
  /** The number of the rule it breaks, in docs/engine-spec.md. */
  readonly rule: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly killedBy: readonly string[];
  /** The fault makes tests run for ever: running out of time counts as killed. */
  readonly timeoutKills?: boolean;
}
