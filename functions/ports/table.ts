/**
 * The one table, in the few words that the stores need; what DynamoDB does, said without its SDK. Reads are consistent
 * unless an index is named. A condition that does not hold is an answer, not an error; everything else throws SyncError
 * (transient, throttled, defect).
 */
export interface Table {
  get(key: Key): Promise<Item | undefined>;
  /** Any number of keys, batched and retried inside; absent ones are left out; order is not kept. */
  getMany(keys: readonly Key[]): Promise<Item[]>;
  /** One page, ordered by sort key (ascending unless `descending`). */
  query(request: QueryRequest): Promise<QueryPage>;
  /** Any number of unconditional puts, batched; of two on one key the last one counts; not atomic; safe to repeat. */
  putMany(items: readonly Item[]): Promise<void>;
  /** Any number of unconditional deletes, batched; absent ones are deleted already; not atomic; safe to repeat. */
  deleteMany(keys: readonly Key[]): Promise<void>;
  /**
   * One write; the item as it is after an update. A repeat after a lost answer meets its own effect: where the answer
   * decides something, or numbers are added, `transact` the one write instead.
   */
  write(write: Write): Promise<WriteResult>;
  /**
   * All or nothing, at most 100 writes, no two on one key. `token` (≤ 36 characters) makes a repeat within 10 minutes
   * one; without it only a repeat of this very call (a lost answer) is one. A clash with another transaction is tried again
   * inside, or with `tell` answered at once, with no write named as failed.
   */
  transact(writes: readonly Write[], token?: string, onClash?: 'try-again' | 'tell'): Promise<TransactResult>;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Attribute =
  | string
  | number
  | boolean
  | null
  | ReadonlySet<string>
  | readonly Attribute[]
  | { readonly [name: string]: Attribute };

export type Item = Key & { readonly [name: string]: Attribute | undefined };

/** All parts must hold. Attribute names are top-level. */
export interface Condition {
  /** The item exists (true) or does not (false). */
  readonly exists?: boolean;
  readonly equals?: Readonly<Record<string, string | number | boolean>>;
  readonly absent?: readonly string[];
  readonly below?: Readonly<Record<string, number>>;
  /** The string set holds this member. */
  readonly contains?: Readonly<Record<string, string>>;
  /** The attribute is one of these. */
  readonly oneOf?: Readonly<Record<string, readonly string[]>>;
}

export type Write =
  | { readonly put: Item; readonly when?: Condition }
  | { readonly delete: Key; readonly when?: Condition }
  | {
      readonly update: Key;
      readonly set?: Readonly<Record<string, Attribute>>;
      readonly remove?: readonly string[];
      /** Adds to numbers; an absent one counts as 0. */
      readonly add?: Readonly<Record<string, number>>;
      readonly addMembers?: Readonly<Record<string, readonly string[]>>;
      /** A set without members is an absent attribute. */
      readonly dropMembers?: Readonly<Record<string, readonly string[]>>;
      readonly when?: Condition;
    };

export type WriteResult = { readonly ok: true; readonly item?: Item } | { readonly ok: false };

/** `failed`: indexes of the writes whose condition did not hold. */
export type TransactResult = { readonly ok: true } | { readonly ok: false; readonly failed: readonly number[] };

export interface QueryRequest {
  readonly pk: string;
  readonly prefix?: string;
  /** Inclusive bounds on the sort key, instead of a prefix. */
  readonly between?: readonly [string, string];
  /** Yields keys only (its own and the item's); may lag behind. */
  readonly index?: 'gsi1' | 'gsi2' | 'gsi3';
  readonly descending?: boolean;
  readonly limit?: number;
  /** From the page before; opaque. */
  readonly start?: string;
}

interface QueryPage {
  readonly items: readonly Item[];
  readonly next?: string;
}
