import * as z from 'zod';
import type { FieldFault } from '../core/errors.ts';
import type { Page, PageRequest } from '../ports/page.ts';
import { faultsOf, inOurWords, protoFaults, textFaults } from './input-faults.ts';
import { fittingPage } from './page-size.ts';
import type { Operation } from './registry.ts';
import type { Reply, RequestFacts, Route } from './route.ts';

export interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body?: unknown;
}

export interface ListInput extends Input {
  readonly query: { readonly limit: number; readonly cursor?: string | undefined };
}

export interface Definition<Deps, Request extends Input> {
  /** `params`, `query` and `body` together: `EmptyRequest`, extended. */
  readonly request: z.ZodType<Request>;
  /** Faults of a body that only the use cases' ports can tell; named together with the schema's. */
  faults?(deps: Deps, body: unknown): readonly FieldFault[];
  /** Absent: there is no body in the answer. */
  readonly answer?: z.ZodType;
  /** Of a list: columns of its items, as dotted paths; absent: it is answered as JSON alone. */
  readonly csv?: readonly string[];
  handle(deps: Deps, call: Request & RequestFacts): Promise<Reply>;
}

export type ListCall<Request extends ListInput> = Pick<RequestFacts, 'caller' | 'language'> & {
  readonly params: Request['params'];
  /** The filter alone. */
  readonly query: Omit<Request['query'], 'limit' | 'cursor'>;
  readonly page: PageRequest;
};

export interface ListDefinition<Deps, Request extends ListInput> {
  /** `ListRequest`, extended. */
  readonly request: z.ZodType<Request>;
  readonly item: z.ZodType;
  readonly csv?: readonly string[];
  handle(deps: Deps, call: ListCall<Request>): Promise<Page<unknown>>;
}

const NextCursor = z
  .string()
  .describe('Send it as `cursor`, with the same filter, for the next page; absent on the last one.');

/** A schema and the ports may say the same of a place. */
function distinct(faults: readonly FieldFault[]): FieldFault[] {
  return [...new Map(faults.map((fault) => [`${fault.path}\n${fault.message}`, fault])).values()];
}

/** Makes routes of the operations of a registry, whose use cases work with `Deps`. */
export function routeBuilder<Deps, Id extends string>(operations: Readonly<Record<Id, Operation>>) {
  function route<Request extends Input>(id: Id, definition: Definition<Deps, Request>): Route<Deps> {
    const { request, answer, csv, handle } = definition;
    return {
      ...operations[id],
      id,
      request,
      answer,
      csv,
      /** All faults at once. A path that no thing can have is a thing that does not exist. */
      bind(deps, input) {
        const parsed = request.safeParse(input, inOurWords);
        const textsOfPath = textFaults(input.params, ['params']);
        const further = [
          ...textFaults(input.query, ['query']),
          ...textFaults(input.body, []),
          ...protoFaults(input.body),
          ...(definition.faults?.(deps, input.body) ?? []),
        ];
        if (parsed.success && further.length === 0 && textsOfPath.length === 0) {
          return { ok: true, run: (facts) => handle(deps, { ...parsed.data, ...facts }) };
        }
        const issues = parsed.error?.issues ?? [];
        const ofPath = [...textsOfPath, ...issues.filter(({ path }) => path[0] === 'params').flatMap(faultsOf)];
        const ofQuery = issues.filter(({ path }) => path[0] === 'query').flatMap(faultsOf);
        const ofBody = issues.filter(({ path }) => path[0] === 'body').flatMap(faultsOf);
        return { ok: false, ofPath, faults: distinct([...ofQuery, ...further, ...ofBody]) };
      },
    };
  }

  function list<Request extends ListInput>(id: Id, definition: ListDefinition<Deps, Request>): Route<Deps> {
    const { request, item, csv, handle } = definition;
    return route(id, {
      request,
      answer: z.object({ items: z.array(item), nextCursor: NextCursor.optional() }),
      csv,
      async handle(deps, call) {
        const { caller, language, params, cursors } = call;
        const asked: Request['query'] = call.query;
        const { limit, cursor: sealed, ...query } = asked;
        const cursor = sealed === undefined ? undefined : await cursors.unseal(sealed);
        const found = await fittingPage({ limit, cursor }, (page) =>
          handle(deps, { caller, language, params, query, page }),
        );
        const nextCursor = found.cursor === undefined ? undefined : await cursors.seal(found.cursor);
        return { body: { items: found.items, nextCursor } };
      },
    });
  }

  return { route, list };
}
