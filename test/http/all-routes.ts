import type { Application } from '../../functions/features/application.ts';
import type { SignInApplication } from '../../functions/features/sessions/sign-in-application.ts';
import type { ApiFunction } from '../../functions/http/registry.ts';
import type { Route } from '../../functions/http/route.ts';
import { routesOfConnections } from '../../functions/http/routes-of-connections.ts';
import { routesOfLinks } from '../../functions/http/routes-of-links.ts';
import { routesOfSession } from '../../functions/http/routes-of-session.ts';
import { routesOfSync } from '../../functions/http/routes-of-sync.ts';

/** All use cases together. */
type Everything = Application & SignInApplication;

export const routesOf: Readonly<Record<ApiFunction, readonly Route<Everything>[]>> = {
  connections: routesOfConnections,
  links: routesOfLinks,
  sync: routesOfSync,
  session: routesOfSession,
};

export const allRoutes: readonly Route<Everything>[] = [
  ...routesOfConnections,
  ...routesOfLinks,
  ...routesOfSync,
  ...routesOfSession,
];
