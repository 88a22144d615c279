import type { Application } from '../features/application.ts';
import type { Route } from './route.ts';
import { actorTypeRoutes } from './routes/actor-types.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit.ts';
import { configRoutes } from './routes/config.ts';
import { connectionActionRoutes } from './routes/connection-actions.ts';
import { connectionSummaryRoutes } from './routes/connection-summary.ts';
import { connectionRoutes } from './routes/connections.ts';
import { connectorTypeRoutes } from './routes/connector-types.ts';
import { connectorRoutes } from './routes/connectors.ts';
import { contractRoutes } from './routes/contract.ts';
import { crmFieldRoutes } from './routes/crm-fields.ts';
import { crmPeopleRoutes } from './routes/crm-people.ts';
import { defaultRoutes } from './routes/defaults.ts';
import { engineRoutes } from './routes/engine.ts';
import { healthRoutes } from './routes/health.ts';
import { listMappingRoutes } from './routes/list-mappings.ts';
import { listRoutes } from './routes/lists.ts';
import { mappingVersionRoutes } from './routes/mapping-versions.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { meRoutes } from './routes/me.ts';
import { tenantRoutes } from './routes/tenant.ts';

/** What the function `connections` answers, as the registry says; apart, so that it holds no other's code. */
export const routesOfConnections: readonly Route<Application>[] = [
  ...healthRoutes,
  ...contractRoutes,
  ...meRoutes,
  ...apiKeyRoutes,
  ...auditRoutes,
  ...tenantRoutes,
  ...engineRoutes,
  ...connectorTypeRoutes,
  ...connectorRoutes,
  ...connectionRoutes,
  ...connectionActionRoutes,
  ...connectionSummaryRoutes,
  ...actorTypeRoutes,
  ...mappingRoutes,
  ...mappingVersionRoutes,
  ...defaultRoutes,
  ...listMappingRoutes,
  ...listRoutes,
  ...crmFieldRoutes,
  ...crmPeopleRoutes,
  ...configRoutes,
];
