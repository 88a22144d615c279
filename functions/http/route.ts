import type { z } from 'zod';
import type { FieldFault } from '../core/errors.ts';
import type { Role } from '../core/model/api-key.ts';
import type { Caller } from '../features/api-keys/authenticate.ts';
import type { IfMatch } from '../features/expect-revision.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a use case answers; the chain makes status, headers and JSON of it. */
export interface Reply {
  readonly body?: unknown;
  /** Becomes the ETag. */
  readonly revision?: number;
  readonly location?: string;
}

/** A request as it came, path and query decoded, body parsed from JSON. */
export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What is known of a request besides its input. */
export interface RequestFacts {
  readonly caller: Caller;
  readonly ifMatch: IfMatch;
  /** Page cursors of this tenant, path and filter. */
  readonly cursors: { seal(inner: string): string; open(text: string): string };
}

export type Binding =
  | { readonly ok: true; run(facts: RequestFacts): Promise<Reply> }
  | { readonly ok: false; readonly notFound: boolean; readonly faults: readonly FieldFault[] };

/**
 * How an Idempotency-Key is honoured: `same` keeps the answer; `recompute` keeps only that the request was made, for
 * POSTs that change nothing; `refuse` keeps the id alone, for answers that hold a secret shown once.
 */
export type Replay = 'same' | 'recompute' | 'refuse';

/** One row of a route table. `Deps` are what its use case works with. */
export interface Route<Deps> {
  readonly method: HttpMethod;
  /** `{name}` is one segment, `{name+}` the rest of the path. */
  readonly path: string;
  readonly roles: readonly Role[] | 'public';
  readonly status: number;
  /** If-Match is required. */
  readonly ifMatch: boolean;
  readonly replay: Replay;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  /** Schema of the answer; what it does not name is left out. For lists: of one item. */
  readonly answer: z.ZodType | undefined;
  readonly list: boolean;
  bind(deps: Deps, input: RawInput): Binding;
}
