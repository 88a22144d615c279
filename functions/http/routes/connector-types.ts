import * as z from 'zod';
import { FieldMetadata } from '../../core/model/field.ts';
import { pageOf } from '../../features/page-of.ts';
import { list } from '../application-routes.ts';
import { ListRequest } from '../schemas/requests.ts';

const ConnectorTypeView = z
  .object({
    kind: z.string().meta({ description: 'What a connector of it is made with.', examples: ['erp-kind'] }),
    label: z.string().meta({ description: 'For people.', examples: ['Our ERP'] }),
    configFields: z.array(FieldMetadata).describe('What a connection of it has to fill in.'),
  })
  .meta({ id: 'ConnectorType', description: 'A kind of ERP that is built in.' });

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
