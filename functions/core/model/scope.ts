/** Whom things are for. Pure. Attacked by test/core/model/scope.test.ts. */
import * as z from 'zod';
import type { Role } from './api-key.ts';
import type { CrmUser } from './session.ts';

export const everyone = 'everyone';

const ids = (of: string) => z.array(z.string()).meta({ description: `Ids of ${of} in the CRM.`, examples: [['2']] });

/** Of a connection: absent = everyone. */
export const Scope = z
  .union([z.literal(everyone), z.object({ users: ids('users'), groups: ids('groups') })])
  .meta({ id: 'Scope', description: 'Whom a connection is for: everyone, or these users and groups of the CRM.' });
export type Scope = z.infer<typeof Scope>;

/** Who has the ERP tab: absent = everyone. */
export const ErpTab = z
  .union([z.literal(everyone), z.object({ groups: ids('groups') })])
  .meta({ id: 'ErpTab', description: 'Who has the ERP tab: everyone, or these groups of the CRM.' });
export type ErpTab = z.infer<typeof ErpTab>;

/** As much of a caller as a scope asks for. */
export interface Person {
  readonly role: Role;
  readonly user?: CrmUser | undefined;
}

/** Those who set up, and the CRM's back end, have no limits. */
export function isInScope(scope: Scope | ErpTab | undefined, { role, user }: Person): boolean {
  if (role !== 'user' || scope === undefined || scope === everyone) return true;
  if (!user) return false;
  const isNamed = 'users' in scope && scope.users.includes(user.id);
  return isNamed || user.groups.some((group) => scope.groups.includes(group));
}
