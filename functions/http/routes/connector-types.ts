import * as z from 'zod';
import { FieldMetadata } from '../../core/model/field.ts';
import { pageOf } from '../../features/page-of.ts';
import { list } from '../application-routes.ts';
import { ListRequest } from '../schemas/requests.ts';

const ConnectorTypeView = z.object({ kind: z.string(), label: z.string(), configFields: z.array(FieldMetadata) });

export const connectorTypeRoutes = [
  list('listConnectorTypes', {
    request: ListRequest,
    item: ConnectorTypeView,
    handle: async (app, { page }) =>
      pageOf(
        app.systems.connectorTypes('erp').map((type) => ({ ...type, configFields: type.settings })),
        page,
      ),
  }),
];
