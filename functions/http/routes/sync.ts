import { failureRoutes } from './failures.ts';
import { runRoutes } from './sync-runs.ts';

/** Runs, the change log and failures: everything that the function `sync` answers. */
export const syncRoutes = [...runRoutes, ...failureRoutes];
