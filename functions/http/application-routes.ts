import type { Application } from '../features/application.ts';
import { type OperationId, operations } from './registry.ts';
import { routeBuilder } from './route-builder.ts';

/** Routes of the registry; every use case works with the application's ports. */
export const { route, list } = routeBuilder<Application, OperationId>(operations);
