import { SyncError } from '../../../../core/errors.ts';
import type { Value, Values } from '../../../../core/values/value.ts';
import type { Standing } from '../../../../ports/record-system.ts';
import type { WritePair } from '../wire/models.ts';

/** One row that was read: the record's own, or one of its children. */
export interface RowStamp {
  readonly model: string;
  readonly id: number;
  /** The record rules let our user change it. */
  readonly mayWrite: boolean;
  /** `_timestamp`, compared by Tryton itself when the row is written. */
  readonly timestamp: string;
  readonly modifiedAtMs: number;
  readonly writerId: number | null;
}

/** A nested write as Tryton takes it for one-to-many fields. */
export type Operation =
  | readonly ['create', readonly Readonly<Record<string, unknown>>[]]
  | readonly ['write', readonly number[], Readonly<Record<string, unknown>>]
  | readonly ['delete', readonly number[]];

export interface RowRight {
  readonly model: string;
  readonly right: 'create' | 'delete';
}

/** What to write for a change. */
export interface Composition {
  readonly values: WritePair[1];
  /** Rows that the write removes, as `model,id`. */
  readonly removed: readonly string[];
  /** Rights on whole tables of rows that it takes besides the one to write. */
  readonly rowRights: readonly RowRight[];
}

export interface TrytonRecord {
  readonly id: number;
  readonly rows: readonly RowStamp[];
  readonly name: string | undefined;
  readonly standing?: Standing | undefined;
  /** `mapped`: all fields that the connection reads; the parts of a name depend on them. */
  value(field: string, mapped: readonly string[]): Value;
  /** SyncError `rejected` for a value that cannot be kept there. */
  compose(changes: Values, mapped: readonly string[]): Composition;
}

/** What the connector knows of one Tryton table. */
export interface RecordTable {
  readonly model: string;
  readonly readFields: readonly string[];
  parse(row: unknown): TrytonRecord;
  /** Search clauses for the rows changed at or after an instant, in Tryton's wire form. */
  changedSince(instant: unknown): readonly unknown[];
}

/** The field's value cannot be kept in Tryton, or not so that it would be read back the same. */
export function refuse(field: string, explanation: string): never {
  throw new SyncError('rejected', `${field} cannot be written.`, {
    explanation,
    faults: [{ path: field, message: explanation }],
  });
}

/** An all-white text is blank; anything else stays as it is. */
export function canonicalText(text: string | null): Value {
  return text === null || text.trim() === '' ? null : text;
}
