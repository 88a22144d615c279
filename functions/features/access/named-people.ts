/** Users and groups that a scope names, looked up in the CRM. One that was named before and is gone since stays, and is told. */
import { type FieldFault, invalid } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';
import { type ErpTab, everyone, type Scope } from '../../core/model/scope.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import type { Application } from '../application.ts';
import { directoryOf } from '../tenants/crm-people.ts';
import { tenantOf } from '../tenants/tenant-of.ts';

const kinds = ['users', 'groups'] as const;
type Kind = (typeof kinds)[number];
const words: Readonly<Record<Kind, string>> = { users: 'user', groups: 'group' };

type Named = Readonly<Record<Kind, readonly string[]>>;

function namedIn(scope: Scope | ErpTab | undefined): Named {
  if (scope === undefined || scope === everyone) return { users: [], groups: [] };
  return { users: 'users' in scope ? scope.users : [], groups: scope.groups };
}

/** Those that the CRM does not have (any more); nothing is asked where nobody is named. */
async function unknownIn(app: Application, tenant: Tenant, scope: Scope | ErpTab | undefined): Promise<Named> {
  const named = namedIn(scope);
  if (kinds.every((kind) => named[kind].length === 0)) return named;
  const directory = await directoryOf(app, tenant);
  const gone = async (kind: Kind) => {
    const known = named[kind].length === 0 ? [] : await directory[kind]();
    const ids = new Set(known.map(({ id }) => id));
    return named[kind].filter((id) => !ids.has(id));
  };
  const [users, groups] = await Promise.all([gone('users'), gone('groups')]);
  return { users, groups };
}

/** As an answer tells them. */
function unknownView(unknown: Named): Named | undefined {
  return kinds.some((kind) => unknown[kind].length > 0) ? unknown : undefined;
}

/** Those that the scope of a connection names and the CRM no longer has; nothing where the CRM does not say. */
export async function unknownInScope(
  app: Application,
  { tenantId, scope }: Pick<Connection, 'tenantId' | 'scope'>,
): Promise<Named | undefined> {
  if (scope === undefined || scope === everyone) return undefined;
  try {
    return unknownView(await unknownIn(app, await tenantOf(app, tenantId), scope));
  } catch {
    // What was asked for is something else: it does not fail for this.
    return undefined;
  }
}

/**
 * Every fault of whom a setting `now` names at once: those that it did not name before have to be in the CRM. Answers those
 * that it named before and the CRM no longer has; without a new name the CRM is not asked.
 */
export async function checkNamed(
  app: Application,
  tenant: Tenant,
  {
    at,
    before,
    now,
  }: { readonly at: string; readonly before: Scope | ErpTab | undefined; readonly now: Scope | ErpTab },
): Promise<Named | undefined> {
  const [old, named] = [namedIn(before), namedIn(now)];
  const isNew = (kind: Kind, id: string) => !old[kind].includes(id);
  const asks = kinds.some((kind) => named[kind].some((id) => isNew(kind, id)));
  const unknown = asks ? await unknownIn(app, tenant, now) : { users: [], groups: [] };
  const faults = kinds.flatMap((kind) =>
    named[kind].flatMap((id, place): FieldFault[] => {
      const path = `${at}.${kind}[${place}]`;
      if (named[kind].indexOf(id) < place) return [{ path, message: 'Named before' }];
      const isFault = isNew(kind, id) && unknown[kind].includes(id);
      return isFault ? [{ path, message: `There is no such ${words[kind]} in the CRM` }] : [];
    }),
  );
  if (faults.length > 0) throw invalid(faults);
  return unknownView(unknown);
}
