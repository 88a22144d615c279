import * as z from 'zod';
import { changeConnection } from '../../features/connections/change-connection.ts';
import { deleteConnection } from '../../features/connections/connection-life.ts';
import { orderConnections } from '../../features/connections/connection-order.ts';
import { copyConnection } from '../../features/connections/copy-connection.ts';
import { createConnection, testConfiguration } from '../../features/connections/create-connection.ts';
import {
  listConnections,
  listConnectionsAsUser,
  readConnection,
  readConnectionAsUser,
} from '../../features/connections/read-connections.ts';
import { route, userList, userRoute } from '../application-routes.ts';
import { Id } from '../schemas/common.ts';
import {
  ConnectionAnswer,
  ConnectionAnswerTo,
  ConnectionCopy,
  ConnectionPatch,
  ConnectionTest,
  NewConnection,
} from '../schemas/connections.ts';
import { EmptyRequest, ListRequest, Paging, RequestById } from '../schemas/requests.ts';

const Order = z.object({ connectionIds: z.array(z.string()).describe('As they are in order now.') });

export const connectionRoutes = [
  userList('listConnections', {
    request: ListRequest.extend({
      query: Paging.extend({
        includeDeleted: z.enum(['true', 'false']).default('false').describe('Deleted ones too.'),
      }),
    }),
    item: ConnectionAnswerTo,
    touches: () => ({ kind: 'connections' }),
    handle: (app, { caller, query, page }) =>
      caller.role === 'user'
        ? listConnectionsAsUser(app, caller, page)
        : listConnections(app, caller.tenantId, { ...page, includeDeleted: query.includeDeleted === 'true' }),
  }),
  route('createConnection', {
    request: EmptyRequest.extend({ body: NewConnection }),
    answer: ConnectionAnswer,
    async handle(app, { caller, body }) {
      const connection = await createConnection(app, caller, body);
      return { body: connection, revision: connection.revision, location: `/v1/connections/${connection.id}` };
    },
  }),
  route('copyConnection', {
    request: RequestById.extend({ body: ConnectionCopy }),
    answer: ConnectionAnswer,
    async handle(app, { caller, params, body }) {
      const connection = await copyConnection(app, caller, params.id, body);
      return { body: connection, revision: connection.revision, location: `/v1/connections/${connection.id}` };
    },
  }),
  route('testConfiguration', {
    request: EmptyRequest.extend({ body: ConnectionTest }),
    answer: z.object({
      ok: z.literal(true),
      actorTypes: z
        .array(z.string())
        .meta({ description: 'The types of actors that the ERP offers.', examples: [['customer', 'supplier']] }),
    }),
    handle: async (app, { caller, body }) => ({ body: await testConfiguration(app, caller.tenantId, body) }),
  }),
  route('orderConnections', {
    request: EmptyRequest.extend({
      body: z.strictObject({
        connectionIds: z.array(Id).max(1000).describe('Each connection once, first the one that wins.'),
      }),
    }),
    answer: Order,
    handle: async (app, { caller, body }) => ({
      body: await orderConnections(app, caller, body.connectionIds),
    }),
  }),
  userRoute('readConnection', {
    request: RequestById,
    answer: ConnectionAnswerTo,
    touches: ({ params }) => ({ kind: 'connection', connectionId: params.id }),
    async handle(app, { caller, params }) {
      const read = caller.role === 'user' ? readConnectionAsUser : readConnection;
      const connection = await read(app, caller.tenantId, params.id);
      return { body: connection, revision: connection.revision };
    },
  }),
  route('changeConnection', {
    request: RequestById.extend({ body: ConnectionPatch }),
    answer: ConnectionAnswer,
    async handle(app, { caller, params, ifMatch, body }) {
      const { id, connectorId, connectorKind, state, place, createdAt, ...patch } = body;
      const read = { id, connectorId, connectorKind, state, place, createdAt };
      const connection = await changeConnection(app, { caller, id: params.id, ifMatch }, { ...patch, read });
      return { body: connection, revision: connection.revision };
    },
  }),
  route('deleteConnection', {
    request: RequestById,
    async handle(app, { caller, params, ifMatch }) {
      await deleteConnection(app, { caller, id: params.id, ifMatch });
      return {};
    },
  }),
];
