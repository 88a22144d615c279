import type { ApiFunction } from '../../functions/http/registry.ts';
import { routesOfConnections } from '../../functions/http/routes-of-connections.ts';
import { routesOfLinks } from '../../functions/http/routes-of-links.ts';
import { routesOfSync } from '../../functions/http/routes-of-sync.ts';

export const routesOf = {
  connections: routesOfConnections,
  links: routesOfLinks,
  sync: routesOfSync,
} satisfies Record<ApiFunction, unknown>;

export const allRoutes = [...routesOfConnections, ...routesOfLinks, ...routesOfSync];
