import type { Tenant } from '../../core/model/tenant.ts';
import type { CrmDirectory, DirectoryEntry } from '../../ports/crm-directory.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { pageOf } from '../page-of.ts';
import { noCrmYet } from './no-crm-yet.ts';
import { tenantOf } from './tenant-of.ts';

/** SyncError `conflict` while the tenant has no CRM settings. */
export async function directoryOf(app: Application, tenant: Tenant): Promise<CrmDirectory> {
  if (!tenant.crm) throw noCrmYet();
  return app.directories.of(tenant);
}

async function directoryBy(app: Application, tenantId: string): Promise<CrmDirectory> {
  return directoryOf(app, await tenantOf(app, tenantId));
}

/** As people look for them; those of one name by id, so that no page changes their order. */
function byName(entries: readonly DirectoryEntry[]): DirectoryEntry[] {
  return entries.toSorted((one, other) => one.name.localeCompare(other.name) || (one.id < other.id ? -1 : 1));
}

/** Users of the CRM, whom a connection may be for. */
export async function listCrmUsers(
  app: Application,
  tenantId: string,
  page: PageRequest,
): Promise<Page<DirectoryEntry>> {
  return pageOf(byName(await (await directoryBy(app, tenantId)).users()), page);
}

/** Groups of its users. */
export async function listCrmGroups(
  app: Application,
  tenantId: string,
  page: PageRequest,
): Promise<Page<DirectoryEntry>> {
  return pageOf(byName(await (await directoryBy(app, tenantId)).groups()), page);
}
