import type { Application } from '../features/application.ts';
import type { Route } from './route.ts';
import { actorRoutes } from './routes/actors.ts';
import { eraseRoutes } from './routes/erase.ts';
import { linkFieldRoutes } from './routes/link-fields.ts';
import { linkRoutes } from './routes/links.ts';
import { mappingExampleRoutes } from './routes/mapping-example.ts';

/** What the function `links` answers, as the registry says; apart, so that it holds no other's code. */
export const routesOfLinks: readonly Route<Application>[] = [
  ...actorRoutes,
  ...linkRoutes,
  ...linkFieldRoutes,
  ...mappingExampleRoutes,
  ...eraseRoutes,
];
