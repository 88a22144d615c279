import * as z from 'zod';
import { ActorType } from '../../core/model/actor-type.ts';
import { Value, Values } from '../../core/values/value.ts';
import { readActor, searchActors } from '../../features/actors/search-actors.ts';
import { list, route } from '../application-routes.ts';
import { ActorTypeInPath, Id, RecordKey } from '../schemas/common.ts';
import { EmptyRequest, ListRequest, Paging } from '../schemas/requests.ts';

const Hit = z.object({
  actorType: ActorType,
  erpKey: z.string(),
  values: Values,
  linked: z.boolean(),
  linkId: z.string().optional(),
});

const Actor = Hit.extend({
  fields: z.array(z.object({ key: z.string(), label: z.string(), value: Value, text: z.string().optional() })),
});

export const actorRoutes = [
  list('searchActors', {
    request: ListRequest.extend({
      params: z.strictObject({ id: Id, type: ActorTypeInPath }),
      query: Paging.extend({ q: z.string().trim().max(200).default('') }),
    }),
    item: Hit,
    handle: (app, { caller, params, query, page }) =>
      searchActors(app, { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type }, query.q, page),
  }),
  route('readActor', {
    request: EmptyRequest.extend({
      params: z.strictObject({ id: Id, type: ActorTypeInPath, erpKey: RecordKey }),
    }),
    answer: Actor,
    handle: async (app, { caller, params }) => ({
      body: await readActor(
        app,
        { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type },
        params.erpKey,
      ),
    }),
  }),
];
