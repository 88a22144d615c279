import * as z from 'zod';
import { ActorType } from '../../core/model/actor-type.ts';
import { Value, Values } from '../../core/values/value.ts';
import { readActor, searchActors } from '../../features/actors/search-actors.ts';
import { userList, userRoute } from '../application-routes.ts';
import { ActorTypeInAnyCase, Id, RecordKey } from '../schemas/common.ts';
import { EmptyRequest, ListRequest, Paging } from '../schemas/requests.ts';

const Hit = z.object({
  actorType: ActorType,
  erpKey: z.string().meta({ description: 'Key of the actor in the ERP.', examples: ['1042'] }),
  values: Values,
  linked: z.boolean().describe('It is linked already.'),
  linkId: z
    .string()
    .optional()
    .describe(
      'The link that it is in. Where its record of the CRM is hidden from the user, the id opens nothing: 404.',
    ),
});

const Actor = Hit.extend({
  fields: z
    .array(
      z.object({
        key: z.string().meta({ examples: ['COUNTRY'] }),
        label: z.string().meta({ description: 'For people.', examples: ['Country'] }),
        value: Value,
        text: z
          .string()
          .optional()
          .meta({ description: 'Of a list item, for people.', examples: ['Netherlands'] }),
      }),
    )
    .describe('All that the ERP says of the actor.'),
});

export const actorRoutes = [
  userList('searchActors', {
    request: ListRequest.extend({
      params: z.strictObject({ id: Id, type: ActorTypeInAnyCase }),
      query: Paging.extend({
        q: z
          .string()
          .trim()
          .max(200)
          .default('')
          .meta({ description: 'What to look for; without it, all.', examples: ['jans'] }),
      }),
    }),
    item: Hit,
    touches: ({ params }) => ({ kind: 'connection', connectionId: params.id }),
    handle: (app, { caller, params, query, page }) =>
      searchActors(app, { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type }, query.q, page),
  }),
  userRoute('readActor', {
    request: EmptyRequest.extend({
      params: z.strictObject({ id: Id, type: ActorTypeInAnyCase, erpKey: RecordKey }),
    }),
    answer: Actor,
    touches: ({ params }) => ({ kind: 'connection', connectionId: params.id }),
    handle: async (app, { caller, params, language }) => ({
      body: await readActor(
        app,
        { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type },
        params.erpKey,
        language,
      ),
    }),
  }),
];
