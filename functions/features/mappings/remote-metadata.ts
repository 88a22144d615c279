import { SyncError } from '../../core/errors.ts';
import { countryList } from '../../core/mapping/list-pairing.ts';
import type { CrmType } from '../../core/model/actor-type.ts';
import type { FieldMetadata, ListItem } from '../../core/model/field.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { pageOf } from '../page-of.ts';
import { refuseSuspended } from '../systems/live-setup.ts';

/** The tenant's CRM; SyncError `conflict` while it has no settings. */
async function tenantCrm(app: Application, tenantId: string): Promise<RecordSystem> {
  const tenant = found(await app.tenants.get(tenantId), 'tenant', tenantId);
  if (!tenant.crm) throw new SyncError('conflict', 'The tenant has no CRM settings yet.');
  return app.systems.crm(tenant);
}

/** In this version one list is mapped; a system is not asked for another. */
function knownList(listName: string): string {
  return found(listName === countryList ? listName : undefined, 'list', listName, [countryList]);
}

/** CRM fields available for mapping. */
export async function listCrmFields(
  app: Application,
  tenantId: string,
  crmType: CrmType,
  page: PageRequest,
): Promise<Page<FieldMetadata>> {
  const crm = await tenantCrm(app, tenantId);
  return pageOf(await crm.describe(crmType), page);
}

export async function listCrmItems(
  app: Application,
  tenantId: string,
  listName: string,
  page: PageRequest,
): Promise<Page<ListItem>> {
  const crm = await tenantCrm(app, tenantId);
  return pageOf(await crm.listItems(knownList(listName)), page);
}

export async function listErpItems(
  app: Application,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  listName: string,
  page: PageRequest,
): Promise<Page<ListItem>> {
  const connection = found(await app.connections.get(tenantId, connectionId), 'connection', connectionId);
  refuseSuspended(connection);
  const erp = await app.systems.erp(connection);
  return pageOf(await erp.listItems(knownList(listName)), page);
}
