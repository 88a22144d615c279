import { actorRoutes } from './actors.ts';
import { linkRoutes } from './link-rows.ts';

/** Actors and links: everything that the function `links` answers. */
export const linksRoutes = [...actorRoutes, ...linkRoutes];
