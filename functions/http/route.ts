import type * as z from 'zod';
import type { FieldFault } from '../core/errors.ts';
import type { Caller } from '../features/api-keys/authenticate.ts';
import type { IfMatch } from '../features/expect-revision.ts';
import type { Operation } from './registry.ts';

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
  /** Address that the request came from, also where nobody is known to call. */
  readonly from: string;
  /** In which texts of the systems are asked for. */
  readonly language: string | undefined;
  /** Page cursors of this tenant, path and filter. */
  readonly cursors: {
    seal(inner: string): Promise<string>;
    /** `path`: where it stood in the request; default the query. */
    unseal(text: string, path?: string): Promise<string>;
  };
}

export type Binding =
  | { readonly ok: true; run(facts: RequestFacts): Promise<Reply> }
  | {
      readonly ok: false;
      /** A path that no thing can have is a thing that does not exist. */
      readonly ofPath: readonly FieldFault[];
      readonly faults: readonly FieldFault[];
    };

/** An operation of the registry with its schemas. */
export interface DescribedOperation extends Operation {
  readonly id: string;
  readonly request: z.ZodType;
  /** What it does not name is left out; absent: there is no body in the answer. */
  readonly answer: z.ZodType | undefined;
  /** Columns of a list that is answered as CSV too, as dotted paths into its items. */
  readonly csv: readonly string[] | undefined;
}

/** An operation with its use case. `Deps` are what that works with. */
export interface Route<Deps> extends DescribedOperation {
  bind(deps: Deps, input: RawInput): Binding;
}
