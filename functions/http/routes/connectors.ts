import * as z from 'zod';
import { Connector } from '../../core/model/connector.ts';
import { FieldMetadata } from '../../core/model/field.ts';
import type { Application } from '../../features/application.ts';
import { connectorTypeOf, kindFaults } from '../../features/connectors/connector-types.ts';
import {
  addConnector,
  changeConnector,
  readConnector,
  removeConnector,
  testConnector,
} from '../../features/connectors/connectors.ts';
import { pageOf } from '../../features/page-of.ts';
import { list, route } from '../application-routes.ts';
import { asRead } from '../schemas/as-read.ts';
import { HttpAddress, Name, Ok } from '../schemas/common.ts';
import { ById, EmptyRequest, ListRequest, RequestById } from '../schemas/requests.ts';

// Whether there is such a kind is told by `faults`, with those that there are.
const Kind = z
  .string()
  .catch('')
  .meta({ description: 'One of `GET /v1/connector-types`.', examples: ['erp-kind'], override: { default: undefined } });
const ConnectorInput = z
  .strictObject({ kind: Kind, name: Name, url: HttpAddress })
  .meta({ override: { required: ['kind', 'name', 'url'] } });
const ConnectorAsRead = ConnectorInput.extend(asRead('id', 'connections', 'createdAt')).meta({
  override: { required: ['kind', 'name', 'url'] },
});
const OfKind = z.object({ kind: Kind });
const ConnectorView = Connector.omit({ tenantId: true, revision: true }).meta({
  id: 'Connector',
  description: 'A kind of ERP at one address.',
});

function faults(app: Application, body: unknown) {
  const sent = OfKind.safeParse(body);
  return sent.success ? kindFaults(app, 'erp', sent.data.kind, 'kind') : [];
}

export const connectorRoutes = [
  list('listConnectors', {
    request: ListRequest,
    item: ConnectorView,
    handle: (app, { caller, page }) => app.connectors.list(caller.tenantId, page),
  }),
  route('addConnector', {
    request: EmptyRequest.extend({ body: ConnectorInput }),
    faults,
    answer: ConnectorView,
    async handle(app, { caller, body }) {
      const connector = await addConnector(app, caller, body);
      return { body: connector, revision: connector.revision, location: `/v1/connectors/${connector.id}` };
    },
  }),
  route('readConnector', {
    request: RequestById,
    answer: ConnectorView,
    async handle(app, { caller, params }) {
      const connector = await readConnector(app, caller.tenantId, params.id);
      return { body: connector, revision: connector.revision };
    },
  }),
  route('changeConnector', {
    request: RequestById.extend({ body: ConnectorAsRead }),
    faults,
    answer: ConnectorView,
    async handle(app, { caller, params, ifMatch, body }) {
      const connector = await changeConnector(app, { caller, id: params.id, ifMatch }, body);
      return { body: connector, revision: connector.revision };
    },
  }),
  route('removeConnector', {
    request: RequestById,
    async handle(app, { caller, params, ifMatch }) {
      await removeConnector(app, { caller, id: params.id, ifMatch });
      return {};
    },
  }),
  route('testConnector', {
    request: RequestById,
    answer: Ok,
    async handle(app, { caller, params }) {
      await testConnector(app, caller.tenantId, params.id);
      return { body: { ok: true } };
    },
  }),
  list('listConfigFields', {
    request: ListRequest.extend({ params: ById }),
    item: FieldMetadata,
    async handle(app, { caller, params, page }) {
      const connector = await readConnector(app, caller.tenantId, params.id);
      return pageOf(connectorTypeOf(app, 'erp', connector.kind).settings, page);
    },
  }),
];
