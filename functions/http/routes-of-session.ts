import type { SignInApplication } from '../features/sessions/sign-in-application.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './routes/session.ts';

/** What the function `session` answers, as the registry says. */
export const routesOfSession: readonly Route<SignInApplication>[] = sessionRoutes;
