import { z } from 'zod';
import { changeConnection } from '../../features/connections/change-connection.ts';
import { deleteConnection, listConnections, readConnection } from '../../features/connections/connection-life.ts';
import { orderConnections } from '../../features/connections/connection-order.ts';
import { createConnection, testConfiguration } from '../../features/connections/create-connection.ts';
import { admin, everyRole, list, route } from './application-routes.ts';
import { ById, Id } from './common-schemas.ts';
import { ConnectionAnswer, ConnectionPatch, ConnectionTest, NewConnection } from './connection-schemas.ts';

const Order = z.object({ connectionIds: z.array(z.string()) });

export const connectionSetUpRoutes = [
  list({
    path: '/v1/connections',
    roles: everyRole,
    query: z.strictObject({ includeDeleted: z.enum(['true', 'false']).default('false') }),
    item: ConnectionAnswer,
    handle: (app, { caller, query, page }) =>
      listConnections(app, caller.tenantId, { ...page, includeDeleted: query.includeDeleted === 'true' }),
  }),
  route({
    method: 'POST',
    path: '/v1/connections',
    roles: admin,
    body: NewConnection,
    answer: ConnectionAnswer,
    status: 201,
    async handle(app, { caller, body }) {
      const connection = await createConnection(app, caller.tenantId, body);
      return { body: connection, revision: connection.revision, location: `/v1/connections/${connection.id}` };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/connections/test',
    roles: admin,
    body: ConnectionTest,
    answer: z.object({ ok: z.literal(true), actorTypes: z.array(z.string()) }),
    replay: 'recompute',
    handle: async (app, { caller, body }) => ({ body: await testConfiguration(app, caller.tenantId, body) }),
  }),
  route({
    method: 'PUT',
    path: '/v1/connections/order',
    roles: admin,
    body: z.strictObject({ connectionIds: z.array(Id).max(1000) }),
    answer: Order,
    handle: async (app, { caller, body }) => ({
      body: await orderConnections(app, caller.tenantId, body.connectionIds),
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/connections/{id}',
    roles: everyRole,
    params: ById,
    answer: ConnectionAnswer,
    async handle(app, { caller, params }) {
      const connection = await readConnection(app, caller.tenantId, params.id);
      return { body: connection, revision: connection.revision };
    },
  }),
  route({
    method: 'PATCH',
    path: '/v1/connections/{id}',
    roles: admin,
    params: ById,
    body: ConnectionPatch,
    answer: ConnectionAnswer,
    ifMatch: true,
    async handle(app, { caller, params, ifMatch, body }) {
      const connection = await changeConnection(app, caller.tenantId, params.id, ifMatch, body);
      return { body: connection, revision: connection.revision };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/connections/{id}',
    roles: admin,
    params: ById,
    ifMatch: true,
    async handle(app, { caller, params, ifMatch }) {
      await deleteConnection(app, caller.tenantId, params.id, ifMatch);
      return {};
    },
  }),
];
