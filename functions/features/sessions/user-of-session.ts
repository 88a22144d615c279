import type { Role } from '../../core/model/api-key.ts';
import type { CrmUser } from '../../core/model/session.ts';
import { cutToBytes } from '../../core/values/cut-to-bytes.ts';
import type { KnownUser } from '../../ports/identity-provider.ts';

/** Kept with the session and with each entry in the trail of what its user does. */
const mostNameBytes = 200;
/** Kept with the session, and told to each function with each request. */
const mostGroups = 1_000;
const mostGroupBytes = 20;

/**
 * An administrator of the CRM is one here, everybody else a user. Who is in more groups than can be told is in the first
 * of them, and hears how many are left out.
 */
export function knownAs({ id, name, groups, isAdministrator }: KnownUser): { user: CrmUser; role: Role } {
  const told = groups.filter(isTellable).slice(0, mostGroups);
  const leftOut = groups.length - told.length;
  return {
    user: {
      id,
      name: cutToBytes(name, mostNameBytes),
      groups: told,
      ...(leftOut > 0 && { groupsLeftOut: leftOut }),
    },
    role: isAdministrator ? 'admin' : 'user',
  };
}

function isTellable(group: string): boolean {
  return group.length <= mostGroupBytes;
}

/** How logs, runs and the trail name a user of the CRM. */
export function callerOf({ id }: CrmUser): string {
  return `user:${id}`;
}

/** What refresh tokens are sealed for: one stored item each. */
export function passPurpose(tenantId: string, passId: string): string {
  return `refresh token of pass\n${tenantId}\n${passId}`;
}

export function sessionPurpose(tenantId: string, sessionId: string): string {
  return `refresh token of session\n${tenantId}\n${sessionId}`;
}
