import { accountRoutes } from './account.ts';
import { connectionActionRoutes } from './connection-actions.ts';
import { connectionSetUpRoutes } from './connection-set-up.ts';
import { connectorRoutes } from './connectors.ts';
import { mappingRoutes } from './mapping.ts';
import { tenantRoutes } from './tenant.ts';

/** Set-up: everything that the function `connections` answers. */
export const connectionsRoutes = [
  ...accountRoutes,
  ...tenantRoutes,
  ...connectorRoutes,
  ...connectionSetUpRoutes,
  ...connectionActionRoutes,
  ...mappingRoutes,
];
