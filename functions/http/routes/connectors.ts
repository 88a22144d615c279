import { z } from 'zod';
import { Connector } from '../../core/model/connector.ts';
import { FieldMetadata } from '../../core/model/field.ts';
import type { Application } from '../../features/application.ts';
import { connectorTypeOf, kindFaults } from '../../features/connectors/connector-types.ts';
import {
  addConnector,
  changeConnector,
  listConnectors,
  readConnector,
  removeConnector,
  testConnector,
} from '../../features/connectors/connectors.ts';
import { admin, list, route } from './application-routes.ts';
import { ById, HttpAddress, Name, Ok } from './common-schemas.ts';

const ConnectorInput = z.strictObject({ kind: z.string(), name: Name, url: HttpAddress });
const OfKind = z.object({ kind: z.string() });
const ConnectorView = Connector.omit({ tenantId: true, revision: true });
const ConnectorTypeView = z.object({ kind: z.string(), label: z.string(), configFields: z.array(FieldMetadata) });

function faults(app: Application, body: unknown) {
  const sent = OfKind.safeParse(body);
  return sent.success ? kindFaults(app, 'erp', sent.data.kind, 'kind') : [];
}

export const connectorRoutes = [
  list({
    path: '/v1/connector-types',
    roles: admin,
    item: ConnectorTypeView,
    handle: async (app) => ({
      items: app.systems.connectorTypes('erp').map((type) => ({ ...type, configFields: type.settings })),
    }),
  }),
  list({
    path: '/v1/connectors',
    roles: admin,
    item: ConnectorView,
    handle: (app, { caller, page }) => listConnectors(app, caller.tenantId, page),
  }),
  route({
    method: 'POST',
    path: '/v1/connectors',
    roles: admin,
    body: ConnectorInput,
    faults,
    answer: ConnectorView,
    status: 201,
    async handle(app, { caller, body }) {
      const connector = await addConnector(app, caller.tenantId, body);
      return { body: connector, revision: connector.revision, location: `/v1/connectors/${connector.id}` };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/connectors/{id}',
    roles: admin,
    params: ById,
    answer: ConnectorView,
    async handle(app, { caller, params }) {
      const connector = await readConnector(app, caller.tenantId, params.id);
      return { body: connector, revision: connector.revision };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/connectors/{id}',
    roles: admin,
    params: ById,
    body: ConnectorInput,
    faults,
    answer: ConnectorView,
    ifMatch: true,
    async handle(app, { caller, params, ifMatch, body }) {
      const connector = await changeConnector(app, caller.tenantId, params.id, ifMatch, body);
      return { body: connector, revision: connector.revision };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/connectors/{id}',
    roles: admin,
    params: ById,
    ifMatch: true,
    async handle(app, { caller, params, ifMatch }) {
      await removeConnector(app, caller.tenantId, params.id, ifMatch);
      return {};
    },
  }),
  route({
    method: 'POST',
    path: '/v1/connectors/{id}/test',
    roles: admin,
    params: ById,
    answer: Ok,
    replay: 'recompute',
    async handle(app, { caller, params }) {
      await testConnector(app, caller.tenantId, params.id);
      return { body: { ok: true } };
    },
  }),
  list({
    path: '/v1/connectors/{id}/config-fields',
    roles: admin,
    params: ById,
    item: FieldMetadata,
    async handle(app, { caller, params }) {
      const connector = await readConnector(app, caller.tenantId, params.id);
      return { items: connectorTypeOf(app, 'erp', connector.kind).settings };
    },
  }),
];
