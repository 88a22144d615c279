import type { Application } from '../features/application.ts';
import { type ApiFunction, registry } from './registry.ts';
import type { Route } from './route.ts';
import { actorTypeRoutes } from './routes/actor-types.ts';
import { actorRoutes } from './routes/actors.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { brakeAnswerRoutes } from './routes/brake-answers.ts';
import { changeRoutes } from './routes/changes.ts';
import { conflictRoutes } from './routes/conflicts.ts';
import { connectionActionRoutes } from './routes/connection-actions.ts';
import { connectionSummaryRoutes } from './routes/connection-summary.ts';
import { connectionRoutes } from './routes/connections.ts';
import { connectorTypeRoutes } from './routes/connector-types.ts';
import { connectorRoutes } from './routes/connectors.ts';
import { crmFieldRoutes } from './routes/crm-fields.ts';
import { failureRoutes } from './routes/failures.ts';
import { healthRoutes } from './routes/health.ts';
import { linkRoutes } from './routes/links.ts';
import { listRoutes } from './routes/lists.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { meRoutes } from './routes/me.ts';
import { syncRunRoutes } from './routes/sync-runs.ts';
import { tenantRoutes } from './routes/tenant.ts';

export const allRoutes: readonly Route<Application>[] = [
  ...healthRoutes,
  ...meRoutes,
  ...apiKeyRoutes,
  ...tenantRoutes,
  ...connectorTypeRoutes,
  ...connectorRoutes,
  ...connectionRoutes,
  ...connectionActionRoutes,
  ...connectionSummaryRoutes,
  ...actorTypeRoutes,
  ...mappingRoutes,
  ...listRoutes,
  ...crmFieldRoutes,
  ...actorRoutes,
  ...linkRoutes,
  ...syncRunRoutes,
  ...brakeAnswerRoutes,
  ...conflictRoutes,
  ...changeRoutes,
  ...failureRoutes,
];

/** What a function answers, as the registry says. */
export function routesOf(name: ApiFunction): readonly Route<Application>[] {
  return allRoutes.filter(({ id }) => id in registry[name]);
}
