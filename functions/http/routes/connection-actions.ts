import type { Caller } from '../../features/api-keys/authenticate.ts';
import type { Application } from '../../features/application.ts';
import { activateConnection } from '../../features/connections/activate-connection.ts';
import { deactivateConnection, restoreConnection } from '../../features/connections/connection-life.ts';
import type { ConnectionView } from '../../features/connections/connection-view.ts';
import { testConnection } from '../../features/connections/test-connection.ts';
import { admin, route } from './application-routes.ts';
import { ById } from './common-schemas.ts';
import { ConnectionAnswer } from './connection-schemas.ts';

/** `POST /v1/connections/{id}/{verb}`: acts on one connection and answers it as it is after. */
function action(verb: string, act: (app: Application, caller: Caller, id: string) => Promise<ConnectionView>) {
  return route({
    method: 'POST',
    path: `/v1/connections/{id}/${verb}`,
    roles: admin,
    params: ById,
    answer: ConnectionAnswer,
    async handle(app, { caller, params }) {
      const connection = await act(app, caller, params.id);
      return { body: connection, revision: connection.revision };
    },
  });
}

export const connectionActionRoutes = [
  action('test', (app, { tenantId }, id) => testConnection(app, tenantId, id)),
  action('activate', (app, { tenantId, caller }, id) => activateConnection(app, tenantId, id, caller)),
  action('deactivate', (app, { tenantId }, id) => deactivateConnection(app, tenantId, id)),
  action('restore', (app, { tenantId }, id) => restoreConnection(app, tenantId, id)),
];
