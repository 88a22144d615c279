import type { FieldFault } from '../../core/errors.ts';
import type { SetUpChange } from '../../core/model/audit.ts';

/** What becomes of a thing of the file; `not-done`: the time of the request was over, and nothing of it is stored. */
export const outcomes = ['made', 'changed', 'unchanged', 'refused', 'not-done'] as const;
export type Outcome = (typeof outcomes)[number];

export interface EntryResult {
  readonly name: string;
  readonly outcome: Outcome;
  /** What differs, old and new; secrets read as set. */
  readonly changes: readonly SetUpChange[];
  /** Why it is refused, each with its place in the file. */
  readonly errors: readonly FieldFault[];
  /** The own words of a system that refused. */
  readonly explanation?: string | undefined;
}

/** What the tenant has and the file does not name. */
export interface LeftAlone {
  readonly kind: 'connector' | 'connection' | 'actor-type' | 'list';
  readonly name: string;
  /** Of an actor type or a list. */
  readonly connection?: string | undefined;
}

export interface ConfigResult {
  /** Nothing is to be made or changed, and nothing is refused. */
  readonly same: boolean;
  /** False: the time was over before all of it was dealt with; the same request goes on. */
  readonly complete: boolean;
  readonly connectors: readonly EntryResult[];
  readonly connections: readonly EntryResult[];
  /** Names in sync order, where that changes. */
  readonly order?: { readonly old: readonly string[]; readonly new: readonly string[] } | undefined;
  readonly leftAlone: readonly LeftAlone[];
}
