import type { Caller } from '../../features/api-keys/authenticate.ts';
import type { Application } from '../../features/application.ts';
import { activateConnection } from '../../features/connections/activate-connection.ts';
import { deactivateConnection, restoreConnection } from '../../features/connections/connection-life.ts';
import type { ConnectionView } from '../../features/connections/connection-view.ts';
import { testConnection } from '../../features/connections/test-connection.ts';
import { route } from '../application-routes.ts';
import type { OtherOperationId } from '../registry.ts';
import { ConnectionAnswer } from '../schemas/connections.ts';
import { RequestById } from '../schemas/requests.ts';

/** Acts on one connection and answers it as it is after. */
function action(
  operation: OtherOperationId,
  act: (app: Application, caller: Caller, id: string) => Promise<ConnectionView>,
) {
  return route(operation, {
    request: RequestById,
    answer: ConnectionAnswer,
    async handle(app, { caller, params }) {
      const connection = await act(app, caller, params.id);
      return { body: connection, revision: connection.revision };
    },
  });
}

export const connectionActionRoutes = [
  action('testConnection', testConnection),
  action('activateConnection', activateConnection),
  action('deactivateConnection', deactivateConnection),
  action('restoreConnection', restoreConnection),
];
