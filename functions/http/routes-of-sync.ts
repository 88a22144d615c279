import type { Application } from '../features/application.ts';
import type { Route } from './route.ts';
import { brakeAnswerRoutes } from './routes/brake-answers.ts';
import { changeRoutes } from './routes/changes.ts';
import { conflictRoutes } from './routes/conflicts.ts';
import { failureRoutes } from './routes/failures.ts';
import { mappingDryRunRoutes } from './routes/mapping-dry-run.ts';
import { syncRunRoutes } from './routes/sync-runs.ts';

/** What the function `sync` answers, as the registry says; apart, so that it holds no other's code. */
export const routesOfSync: readonly Route<Application>[] = [
  ...syncRunRoutes,
  ...mappingDryRunRoutes,
  ...brakeAnswerRoutes,
  ...conflictRoutes,
  ...changeRoutes,
  ...failureRoutes,
];
