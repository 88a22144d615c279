/** Answers kept for 24 h under tenant and key; bodies only as a keyed hash. */
export interface IdempotencyKeys {
  /**
   * First caller: `started`. Same key again: the kept answer, `mismatch`, or `busy` while the first may still work, which
   * is for `busyForMs` after it began.
   */
  begin(entry: IdempotencyEntry & { readonly busyForMs: number }): Promise<IdempotencyState>;
  finish(entry: IdempotencyEntry & { readonly answer: KeptAnswer }): Promise<void>;
  /** After a failure that changed nothing, or an answer that leaves something to the next one: the key is free again. */
  abandon(entry: IdempotencyEntry): Promise<void>;
}

export interface IdempotencyEntry {
  readonly tenantId: string;
  readonly key: string;
  readonly requestHash: string;
}

export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

type IdempotencyState =
  | { readonly state: 'started' }
  | { readonly state: 'finished'; readonly answer: KeptAnswer }
  | { readonly state: 'busy' }
  | { readonly state: 'mismatch' };
