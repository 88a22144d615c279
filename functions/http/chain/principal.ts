import * as z from 'zod';
import { SyncError } from '../../core/errors.ts';
import { Role } from '../../core/model/api-key.ts';
import { type Caller, keyRefusals } from '../../features/api-keys/authenticate.ts';
import type { CallerRefusal } from '../../features/sessions/authenticate-caller.ts';
import { sessionRefusals } from '../../features/sessions/authenticate-session.ts';
import type { HttpMiddleware } from './http-request.ts';

/** A caller as the authorizer hands it on: plain values, names in lower case, for not every gateway keeps more. */
export type Verdict = Readonly<Record<string, string>>;

const listSeparator = ' ';

/** What the authorizer says of the caller. */
const Principal = z
  .object({
    tenantid: z.string().min(1),
    caller: z.string().min(1),
    role: Role,
    name: z.string().optional(),
    sessionid: z.string().optional(),
    userid: z.string().optional(),
    usergroups: z.string().optional(),
    groupsleftout: z.coerce.number().optional(),
  })
  .transform(({ tenantid, sessionid, userid, usergroups = '', groupsleftout: groupsLeftOut, ...rest }): Caller => {
    const groups = usergroups.split(listSeparator).filter(Boolean).map(decodeURIComponent);
    const user = userid === undefined ? undefined : { id: userid, name: rest.name ?? '', groups, groupsLeftOut };
    return { ...rest, tenantId: tenantid, sessionId: sessionid, user };
  });
const Refused = z.object({ refusal: z.enum([...keyRefusals, ...sessionRefusals]) });

const reasons: Readonly<Record<CallerRefusal, string>> = {
  malformed:
    'The Authorization header holds neither an API key nor a session: it must be `Bearer` and the key, esk_… as it was shown.',
  unknown: 'The API key is wrong, or was removed.',
  expired: 'The API key has expired: an administrator can make a new one.',
  'session-malformed': 'The Authorization header holds no session: it must be `Bearer` and ess_… as it was shown.',
  'session-ended': 'The session has ended, or there was none: sign in again.',
  'session-unconfirmed':
    'The CRM has not said for an hour who you are, and does not answer: try again, or sign in again.',
};

/** What `Principal` reads. */
export function verdictOf(found: Caller | { readonly refusal: CallerRefusal }): Verdict {
  if ('refusal' in found) return { refusal: found.refusal };
  const { tenantId, caller, role, name, sessionId, user } = found;
  const said = {
    ...{ tenantid: tenantId, caller, role, name, sessionid: sessionId, userid: user?.id },
    usergroups: user?.groups.map(encodeURIComponent).join(listSeparator),
    groupsleftout: user?.groupsLeftOut?.toString(),
  };
  return Object.fromEntries(
    Object.entries(said).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

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
        throw new SyncError(
          'unauthenticated',
          refused ? reasons[refused.refusal] : 'An API key or a session is needed.',
        );
      }
      request.caller = { ...parsed.data, from: request.event.requestContext.http.sourceIp };
      if (!roles.includes(parsed.data.role)) {
        throw new SyncError('forbidden', `This is for ${roles.join(' and ')}, not for the role ${parsed.data.role}.`);
      }
    },
  };
}
