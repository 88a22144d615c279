import { z } from 'zod';
import { Failure, SyncErrorKind } from '../../core/model/failure.ts';
import { dismissFailure } from '../../features/failures/dismiss-failure.ts';
import { listFailures } from '../../features/failures/list-failures.ts';
import { retryFailure, retryFailures } from '../../features/failures/retry-failures.ts';
import { everyRole, list, route } from './application-routes.ts';
import { Id } from './common-schemas.ts';

/** Failures are named after what they are about. */
const FailureId = z.string().regex(/^[\w.:-]{1,300}$/);
const ByFailureId = z.strictObject({ id: FailureId });
const FailureView = Failure.omit({ tenantId: true });

export const failureRoutes = [
  list({
    path: '/v1/failures',
    roles: everyRole,
    query: z.strictObject({ connectionId: Id.optional(), linkId: Id.optional(), runId: Id.optional() }),
    item: FailureView,
    handle: (app, { caller, query, page }) => listFailures(app, caller.tenantId, query, page),
  }),
  route({
    method: 'POST',
    path: '/v1/failures/retry',
    roles: everyRole,
    body: z
      .strictObject({
        connectionId: Id.optional(),
        linkId: Id.optional(),
        runId: Id.optional(),
        kind: SyncErrorKind.optional(),
        reason: z.string().max(100).optional(),
      })
      .default({}),
    answer: z.object({
      retried: z.number(),
      runIds: z.array(z.string()),
      refused: z.array(z.object({ connectionId: z.string(), reason: z.string() })),
      more: z.boolean(),
    }),
    status: 202,
    handle: async (app, { caller, body }) => ({ body: await retryFailures(app, caller, body) }),
  }),
  route({
    method: 'POST',
    path: '/v1/failures/{id}/retry',
    roles: everyRole,
    params: ByFailureId,
    answer: z.object({ runIds: z.array(z.string()) }),
    status: 202,
    handle: async (app, { caller, params }) => ({ body: await retryFailure(app, caller, params.id) }),
  }),
  route({
    method: 'POST',
    path: '/v1/failures/{id}/dismiss',
    roles: everyRole,
    params: ByFailureId,
    async handle(app, { caller, params }) {
      await dismissFailure(app, caller.tenantId, params.id);
      return {};
    },
  }),
];
