import { type ApiClient, apiClient } from './api-client.ts';
import { demoUsers } from './identity-provider/demo-users.ts';
import { signInAs } from './identity-provider/sign-in-as.ts';
import type { DemoSystem } from './system.ts';

interface Entry {
  id: string;
  name: string;
}

type Scope = 'everyone' | { users?: string[]; groups: string[] };

/** For whom the second connection and the ERP tab are, by names of the CRM's groups. */
const branchIsFor = ['Sales'];
const erpTabIsFor = ['Sales', 'Finance'];

async function groupsNamed(admin: ApiClient, names: readonly string[]): Promise<string[]> {
  const groups = await admin.all<Entry>('/v1/crm/groups');
  return groups.filter(({ name }) => names.includes(name)).map(({ id }) => id);
}

/** Whom the branch's connection is for. */
export async function scopeOfBranch(admin: ApiClient): Promise<Scope> {
  return { users: [], groups: await groupsNamed(admin, branchIsFor) };
}

/** Gives the ERP tab to some groups of the CRM; the rest of the tenant's settings stays. */
export async function limitErpTab(admin: ApiClient): Promise<void> {
  const erpTab = { groups: await groupsNamed(admin, erpTabIsFor) };
  await admin.replace<TenantSettings>('/v1/tenant', ({ crm, defaultConflictPolicy, retentionDays }) => ({
    ...{ crm, defaultConflictPolicy, retentionDays, erpTab },
  }));
}

interface TenantSettings {
  crm: object;
  defaultConflictPolicy: object;
  retentionDays: number;
  erpTab: Scope;
}

type Naming = Record<'users' | 'groups', (id: string) => string>;

/** Whom something is for; where it names nobody administrators have it still. */
export function audience(scope: Scope, nameOf: Naming): string {
  if (scope === 'everyone') return 'everyone';
  const names = [...(scope.users ?? []).map(nameOf.users), ...scope.groups.map(nameOf.groups)];
  return names.length > 0 ? names.join(' and ') : 'administrators alone';
}

/** Who may use what, and what that comes to for each of the demo's users. */
export interface Access {
  erpTab: string;
  connections: { name: string; isFor: string }[];
  users: { name: string; groups: string[]; hasErpTab: boolean; connections: string[] }[];
}

interface Me {
  user: { name: string; groups: string[] };
  erpTab: { visible: boolean };
}

/** By what the API answers: set-up to the administrator, and to each user, signed in through the CRM, what they get. */
export async function readAccess(admin: ApiClient, { endpoints, crm }: DemoSystem): Promise<Access> {
  const groups = await admin.all<Entry>('/v1/crm/groups');
  const users = await admin.all<Entry>('/v1/crm/users');
  const { erpTab } = await admin.get<TenantSettings>('/v1/tenant');
  const connections = await admin.all<Entry & { scope: Scope }>('/v1/connections');
  const nameOf = (entries: Entry[]) => (id: string) => entries.find((one) => one.id === id)?.name ?? id;
  const inWords = (scope: Scope) => audience(scope, { users: nameOf(users), groups: nameOf(groups) });
  const each: Access['users'] = [];
  for (const user of demoUsers) {
    const { apiUrl, publicUrl } = endpoints;
    const own = apiClient({ apiUrl, key: await signInAs({ apiUrl, publicUrl, tenant: crm.tenant, user }) });
    const me = await own.get<Me>('/v1/me');
    const reached = me.erpTab.visible ? await own.all<Entry>('/v1/connections') : [];
    await own.request('DELETE', '/v1/session');
    each.push({
      name: me.user.name,
      groups: me.user.groups.map(nameOf(groups)),
      hasErpTab: me.erpTab.visible,
      connections: reached.map(({ name }) => name),
    });
  }
  return {
    erpTab: inWords(erpTab),
    connections: connections.map(({ name, scope }) => ({ name, isFor: inWords(scope) })),
    users: each,
  };
}
