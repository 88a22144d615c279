import { asSyncError } from '../../core/errors.ts';
import { storableFields } from '../../core/mapping/storable-fields.ts';
import type { CrmType } from '../../core/model/actor-type.ts';
import type { FieldMetadata, ListItem } from '../../core/model/field.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { pageOf } from '../page-of.ts';
import { refuseSuspended } from '../systems/live-setup.ts';
import { noCrmYet } from '../tenants/no-crm-yet.ts';
import { tenantOf } from '../tenants/tenant-of.ts';

/** The tenant's CRM; SyncError `conflict` while it has no settings. */
export async function tenantCrm(app: Application, tenantId: string): Promise<RecordSystem> {
  const tenant = await tenantOf(app, tenantId);
  if (!tenant.crm) throw noCrmYet();
  return app.systems.crm(tenant);
}

/** CRM fields available for mapping. */
export async function listCrmFields(
  app: Application,
  tenantId: string,
  crmType: CrmType,
  page: PageRequest,
): Promise<Page<FieldMetadata>> {
  const crm = await tenantCrm(app, tenantId);
  return pageOf(storableFields(await crm.describe(crmType)), page);
}

interface AskedList {
  readonly name: string;
  /** A tag; texts are in it where the system has them. */
  readonly language?: string | undefined;
}

/** Of the lists that a system's fields have items of. */
async function listNames(system: RecordSystem): Promise<string[]> {
  const { types } = await system.capabilities();
  const fields = (await Promise.all(types.map(({ type }) => system.describe(type)))).flat();
  return [...new Set(fields.flatMap(({ listName }) => listName ?? []))].toSorted();
}

/** A list that a system does not have is a thing that does not exist; what there is is named. */
async function itemsOf(system: RecordSystem, { name, language }: AskedList): Promise<ListItem[]> {
  try {
    return await system.listItems(name, language);
  } catch (error) {
    if (asSyncError(error).kind !== 'misconfigured') throw error;
    return found<ListItem[]>(undefined, 'list', name, await listNames(system));
  }
}

export async function listCrmItems(
  app: Application,
  tenantId: string,
  list: AskedList,
  page: PageRequest,
): Promise<Page<ListItem>> {
  return pageOf(await itemsOf(await tenantCrm(app, tenantId), list), page);
}

export async function listErpItems(
  app: Application,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  list: AskedList,
  page: PageRequest,
): Promise<Page<ListItem>> {
  const connection = found(await app.connections.get(tenantId, connectionId), 'connection', connectionId);
  refuseSuspended(connection);
  return pageOf(await itemsOf(await app.systems.erp(connection), list), page);
}
