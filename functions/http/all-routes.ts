import type { Application } from '../features/application.ts';
import type { ApiFunction } from './registry.ts';
import type { Route } from './route.ts';
import { routesOfConnections } from './routes-of-connections.ts';
import { routesOfLinks } from './routes-of-links.ts';
import { routesOfSync } from './routes-of-sync.ts';

/** The routes of each function, for what is about the whole API; a function holds its own alone. */
export const routesOf = {
  connections: routesOfConnections,
  links: routesOfLinks,
  sync: routesOfSync,
} satisfies Record<ApiFunction, unknown>;

export const allRoutes: readonly Route<Application>[] = Object.values(routesOf).flat();
