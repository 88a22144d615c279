import type { Application } from '../../features/application.ts';
import { routeBuilder } from '../route-builder.ts';

/** Rows of the route tables; every use case works with the application's ports. */
export const { route, list } = routeBuilder<Application>();

export const admin = ['admin'] as const;
/** What the CRM's back end may do too: links, triggers, reads. */
export const everyRole = ['admin', 'service'] as const;
