/** Answers kept for 24 h under tenant and key; bodies only as a keyed hash. */
export interface IdempotencyKeys {
  /** First caller: `started`. Same key again: the kept answer, `busy` while the first still works, or `mismatch`. */
  begin(entry: { tenantId: string; key: string; requestHash: string; leaseMs: number }): Promise<IdempotencyState>;
  finish(entry: { tenantId: string; key: string; requestHash: string; answer: KeptAnswer }): Promise<void>;
  /** After a failure that changed nothing: the key is free again. */
  abandon(entry: { tenantId: string; key: string; requestHash: string }): Promise<void>;
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
