import * as z from 'zod';
import { ActorTypeSetup, SetAside } from '../../core/model/connection-setup.ts';
import { FieldMetadata } from '../../core/model/field.ts';
import { refreshMetadata } from '../../features/connections/refresh-metadata.ts';
import { listActorTypes } from '../../features/mappings/actor-types.ts';
import { route, userList } from '../application-routes.ts';
import { ById, ListRequest, RequestById } from '../schemas/requests.ts';

const ActorTypeView = ActorTypeSetup.pick({ actorType: true, crmType: true, label: true, active: true })
  .extend({
    suspended: SetAside.optional(),
    fields: z.array(FieldMetadata),
  })
  .meta({ id: 'OfferedActorType', description: 'A type of actor that the ERP of a connection offers.' });

export const actorTypeRoutes = [
  userList('listActorTypes', {
    request: ListRequest.extend({ params: ById }),
    item: ActorTypeView,
    touches: ({ params }) => ({ kind: 'connection', connectionId: params.id }),
    handle: (app, { caller, params, page }) => listActorTypes(app, caller.tenantId, params.id, page),
  }),
  route('refreshMetadata', {
    request: RequestById,
    answer: z.object({ items: z.array(ActorTypeView) }),
    handle: async (app, { caller, params }) => ({
      body: { items: await refreshMetadata(app, caller, params.id) },
    }),
  }),
];
