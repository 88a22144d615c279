import type { Application } from '../features/application.ts';
import type { SignInApplication } from '../features/sessions/sign-in-application.ts';
import type { ApiFunction } from './registry.ts';
import type { Route } from './route.ts';
import { routesOfConnections } from './routes-of-connections.ts';
import { routesOfLinks } from './routes-of-links.ts';
import { routesOfSession } from './routes-of-session.ts';
import { routesOfSync } from './routes-of-sync.ts';

/** All use cases together. */
type Everything = Application & SignInApplication;

/** The routes of each function, for what is about the whole API; a function holds its own alone. */
export const routesOf: Readonly<Record<ApiFunction, readonly Route<Everything>[]>> = {
  connections: routesOfConnections,
  links: routesOfLinks,
  sync: routesOfSync,
  session: routesOfSession,
};

export const allRoutes: readonly Route<Everything>[] = Object.values(routesOf).flat();
