import * as z from 'zod';
import { SyncError } from '../../core/errors.ts';
import { Role } from '../../core/model/api-key.ts';
import type { HttpMiddleware } from './http-request.ts';

/** What the authorizer says of the caller. */
const Principal = z.object({ tenantId: z.string().min(1), caller: z.string().min(1), role: Role });

/** Who calls, from the authorizer alone, and whether the route is for them. */
export function principal(): HttpMiddleware {
  return {
    before({ event: request }) {
      const roles = request.route?.roles ?? [];
      if (roles === 'public') return;
      const parsed = Principal.safeParse(request.event.requestContext.authorizer?.lambda);
      if (!parsed.success) throw new SyncError('unauthenticated', 'An API key is needed.');
      request.caller = parsed.data;
      if (!roles.includes(parsed.data.role)) {
        throw new SyncError('forbidden', `This is not for the role ${parsed.data.role}.`);
      }
    },
  };
}
