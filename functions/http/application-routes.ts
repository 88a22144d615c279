import { guardUser, type Reached, type Touched } from '../features/access/guard-user.ts';
import type { Application } from '../features/application.ts';
import type { Page } from '../ports/page.ts';
import { type OtherOperationId, operations, type UserOperationId } from './registry.ts';
import type { Reply, RequestFacts, Route } from './route.ts';
import {
  type Definition,
  type Input,
  type ListCall,
  type ListDefinition,
  type ListInput,
  routeBuilder,
} from './route-builder.ts';

/** Routes of the registry; every use case works with the application's ports. None of these is for users. */
export const { route, list } = routeBuilder<Application, OtherOperationId>(operations);

const guarded = routeBuilder<Application, UserOperationId>(operations);

interface UserDefinition<Request extends Input> extends Omit<Definition<Application, Request>, 'handle'> {
  touches(call: Request): Touched;
  handle(app: Application, call: Request & RequestFacts & Reached): Promise<Reply>;
}

/** A route for users too: whoever is one is held to what they reach, before the use case. */
export function userRoute<Request extends Input>(
  id: UserOperationId,
  { touches, handle, ...definition }: UserDefinition<Request>,
): Route<Application> {
  return guarded.route<Request>(id, {
    ...definition,
    handle: async (app, call) => handle(app, { ...call, ...(await guardUser(app, call.caller, touches(call))) }),
  });
}

interface ReadingDefinition<Request extends Input, Read> extends Omit<UserDefinition<Request>, 'touches' | 'handle'> {
  /** What is stored of the thing: nothing of it is answered, nor any system asked, before it is known to be in reach. */
  reads(app: Application, call: Request & RequestFacts): Promise<Read>;
  touches(call: Request, read: Read): Touched;
  handle(app: Application, call: Request & RequestFacts & Reached, read: Read): Promise<Reply>;
}

/** Likewise, where what the use case reads tells already what is touched: it is read once. */
export function readingRoute<Request extends Input, Read>(
  id: UserOperationId,
  { reads, touches, handle, ...definition }: ReadingDefinition<Request, Read>,
): Route<Application> {
  return guarded.route<Request>(id, {
    ...definition,
    async handle(app, call) {
      const read = await reads(app, call);
      return handle(app, { ...call, ...(await guardUser(app, call.caller, touches(call, read))) }, read);
    },
  });
}

interface UserListDefinition<Request extends ListInput> extends Omit<ListDefinition<Application, Request>, 'handle'> {
  touches(call: Pick<ListCall<Request>, 'params' | 'query'>): Touched;
  handle(app: Application, call: ListCall<Request> & Reached): Promise<Page<unknown>>;
}

/** Likewise. */
export function userList<Request extends ListInput>(
  id: UserOperationId,
  { touches, handle, ...definition }: UserListDefinition<Request>,
): Route<Application> {
  return guarded.list<Request>(id, {
    ...definition,
    handle: async (app, call) => handle(app, { ...call, ...(await guardUser(app, call.caller, touches(call))) }),
  });
}
