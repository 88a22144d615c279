import { z } from 'zod';
import type { FieldFault } from '../core/errors.ts';
import type { Role } from '../core/model/api-key.ts';
import type { Caller } from '../features/api-keys/authenticate.ts';
import type { IfMatch } from '../features/expect-revision.ts';
import type { Page, PageRequest } from '../ports/page.ts';
import type { Binding, HttpMethod, RawInput, Replay, Reply, RequestFacts, Route } from './route.ts';

interface Call<Params, Query, Body> {
  readonly caller: Caller;
  readonly ifMatch: IfMatch;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

interface Definition<Deps, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: HttpMethod;
  readonly path: string;
  readonly roles: readonly Role[] | 'public';
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Faults of a body that only the use cases' ports can tell; named together with the schemas'. */
  faults?(deps: Deps, body: unknown): readonly FieldFault[];
  /** Absent: there is no body in the answer. */
  readonly answer?: z.ZodType;
  /** Default 200; 204 without an answer. */
  readonly status?: number;
  readonly ifMatch?: boolean;
  readonly replay?: Replay;
  handle(deps: Deps, call: Call<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Reply>;
}

interface ListDefinition<Deps, Params extends z.ZodType, Query extends z.ZodType> {
  readonly path: string;
  readonly roles: readonly Role[];
  readonly params?: Params;
  /** Filters; `limit` and `cursor` are added. */
  readonly query?: Query;
  readonly item: z.ZodType;
  handle(
    deps: Deps,
    call: Omit<Call<z.output<Params>, z.output<Query>, unknown>, 'body' | 'ifMatch'> & { readonly page: PageRequest },
  ): Promise<Page<unknown>>;
}

const Nothing = z.strictObject({});
/** Actions without input take an empty object too. */
const NoBody = Nothing.optional();
const Paging = z.object({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'Must be a whole number from 1 to 200')
    .transform(Number)
    .pipe(z.number().max(200))
    .default(50),
  cursor: z.string().max(4000).optional(),
});

function faultsOf(prefix: string, error: z.ZodError): FieldFault[] {
  return error.issues.map(({ path, message }) => ({ path: [prefix, ...path].filter(Boolean).join('.'), message }));
}

interface Parsed<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

/** All faults at once. A path that no thing can have is a thing that does not exist. */
function parse<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  schemas: { params: Params; query: Query; body: Body },
  input: RawInput,
  run: (parsed: Parsed<z.output<Params>, z.output<Query>, z.output<Body>>, facts: RequestFacts) => Promise<Reply>,
  moreFaults: readonly FieldFault[] = [],
): Binding {
  const params = schemas.params.safeParse(input.params);
  const query = schemas.query.safeParse(input.query);
  const body = schemas.body.safeParse(input.body);
  if (params.success && query.success && body.success && moreFaults.length === 0) {
    const parsed = { params: params.data, query: query.data, body: body.data };
    return { ok: true, run: (facts) => run(parsed, facts) };
  }
  const faults = [
    ...(query.success ? [] : faultsOf('query', query.error)),
    ...moreFaults,
    ...(body.success ? [] : faultsOf('', body.error)),
  ];
  return { ok: false, notFound: !params.success, faults };
}

/** Makes the rows of route tables whose use cases work with `Deps`. */
export function routeBuilder<Deps>() {
  function route<
    Params extends z.ZodType = typeof Nothing,
    Query extends z.ZodType = typeof Nothing,
    Body extends z.ZodType = typeof NoBody,
  >(definition: Definition<Deps, Params, Query, Body>): Route<Deps> {
    const { method, path, roles, answer, handle } = definition;
    const params = definition.params ?? Nothing;
    const query = definition.query ?? Nothing;
    const body = definition.body ?? NoBody;
    return {
      method,
      path,
      roles,
      answer,
      params,
      query,
      body,
      status: definition.status ?? (answer ? 200 : 204),
      ifMatch: definition.ifMatch ?? false,
      replay: definition.replay ?? 'same',
      list: false,
      bind: (deps, input) =>
        parse(
          { params, query, body },
          input,
          ({ params, query, body }, { caller, ifMatch }) =>
            handle(deps, {
              caller,
              ifMatch,
              params: params as z.output<Params>,
              query: query as z.output<Query>,
              body: body as z.output<Body>,
            }),
          definition.faults?.(deps, input.body),
        ),
    };
  }

  function list<Params extends z.ZodType = typeof Nothing, Query extends z.ZodType = typeof Nothing>(
    definition: ListDefinition<Deps, Params, Query>,
  ): Route<Deps> {
    const { path, roles, item, handle } = definition;
    const params = definition.params ?? Nothing;
    const query = definition.query ?? Nothing;
    return {
      method: 'GET',
      path,
      roles,
      answer: item,
      params,
      query,
      body: z.unknown(),
      status: 200,
      ifMatch: false,
      replay: 'same',
      list: true,
      bind(deps, input) {
        const { limit, cursor, ...filter } = input.query;
        const paging = Paging.safeParse({ limit, cursor });
        const faults = paging.success ? [] : faultsOf('query', paging.error);
        const asked = paging.success ? paging.data : { limit: 0 };
        return parse(
          { params, query, body: z.unknown() },
          { ...input, query: filter },
          async ({ params, query }, { caller, cursors }) => {
            const from = 'cursor' in asked && asked.cursor !== undefined ? cursors.open(asked.cursor) : undefined;
            const page = { limit: asked.limit, ...(from !== undefined && { cursor: from }) };
            const found = await handle(deps, {
              caller,
              page,
              params: params as z.output<Params>,
              query: query as z.output<Query>,
            });
            const next = found.cursor === undefined ? undefined : cursors.seal(found.cursor);
            return { body: { items: found.items, ...(next !== undefined && { nextCursor: next }) } };
          },
          faults,
        );
      },
    };
  }

  return { route, list };
}
