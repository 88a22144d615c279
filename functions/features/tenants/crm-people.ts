import { SyncError } from '../../core/errors.ts';
import type { CrmDirectory, DirectoryEntry } from '../../ports/crm-directory.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { pageOf } from '../page-of.ts';

async function directoryOf(app: Application, tenantId: string): Promise<CrmDirectory> {
  const tenant = found(await app.tenants.get(tenantId), 'tenant', tenantId);
  if (!tenant.crm) throw new SyncError('conflict', 'The tenant has no CRM settings yet.');
  return app.directories.of(tenant);
}

/** Users of the CRM, whom a connection may be for. */
export async function listCrmUsers(
  app: Application,
  tenantId: string,
  page: PageRequest,
): Promise<Page<DirectoryEntry>> {
  return pageOf(await (await directoryOf(app, tenantId)).users(), page);
}

/** Groups of its users. */
export async function listCrmGroups(
  app: Application,
  tenantId: string,
  page: PageRequest,
): Promise<Page<DirectoryEntry>> {
  return pageOf(await (await directoryOf(app, tenantId)).groups(), page);
}
