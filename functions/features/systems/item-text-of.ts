import type { Side } from '../../core/model/side.ts';
import type { Value } from '../../core/values/value.ts';

/** A mapped field of an actor type, as the log and failures name it. */
export interface StoredField {
  readonly connectionId: string;
  readonly actorType?: string | undefined;
  readonly erpField: string;
  readonly crmField: string;
}

/** Nothing for what is no list item, or has no text. */
export type ItemTextOf = (field: StoredField, side: Side, value: Value | undefined) => string | undefined;

export interface ItemTexts {
  /** Of these connections, the first ten of them; fails never. */
  of(tenantId: string, connectionIds: readonly string[], language: string | undefined): Promise<ItemTextOf>;
}
