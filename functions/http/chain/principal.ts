import * as z from 'zod';
import { SyncError } from '../../core/errors.ts';
import { Role } from '../../core/model/api-key.ts';
import { type KeyRefusal, keyRefusals } from '../../features/api-keys/authenticate.ts';
import type { HttpMiddleware } from './http-request.ts';

/** What the authorizer says of the caller; names in lower case, for not every gateway keeps their case. */
const Principal = z
  .object({ tenantid: z.string().min(1), caller: z.string().min(1), role: Role, name: z.string().optional() })
  .transform(({ tenantid, ...rest }) => ({ tenantId: tenantid, ...rest }));
const Refused = z.object({ refusal: z.enum(keyRefusals) });

const reasons: Readonly<Record<KeyRefusal, string>> = {
  malformed: 'The Authorization header holds no API key: it must be `Bearer` and the key, esk_… as it was shown.',
  unknown: 'The API key is wrong, or was removed.',
  expired: 'The API key has expired: an administrator can make a new one.',
};

function inLowerCase(claims: unknown): unknown {
  if (typeof claims !== 'object' || claims === null) return undefined;
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Who calls, from the authorizer alone, and whether the route is for them. */
export function principal(): HttpMiddleware {
  return {
    before({ event: request }) {
      const roles = request.route?.roles ?? [];
      if (roles === 'public') return;
      const claims = inLowerCase(request.event.requestContext.authorizer?.lambda);
      const parsed = Principal.safeParse(claims);
      if (!parsed.success) {
        const refused = Refused.safeParse(claims).data;
        throw new SyncError('unauthenticated', refused ? reasons[refused.refusal] : 'An API key is needed.');
      }
      request.caller = { ...parsed.data, from: request.event.requestContext.http.sourceIp };
      if (!roles.includes(parsed.data.role)) {
        throw new SyncError('forbidden', `This is for ${roles.join(' and ')}, not for the role ${parsed.data.role}.`);
      }
    },
  };
}
