import type { Tenant } from '../core/model/tenant.ts';

/** Somebody or some people by their id in the CRM. */
export interface DirectoryEntry {
  readonly id: string;
  readonly name: string;
}

/** Who there is in a CRM, those that are gone left out; read as the system user. Errors as `RecordSystem`. */
export interface CrmDirectory {
  users(): Promise<readonly DirectoryEntry[]>;
  groups(): Promise<readonly DirectoryEntry[]>;
}

/** The directories of all tenants' CRMs. */
export interface CrmDirectories {
  /** SyncError `misconfigured` while the tenant has no CRM settings, and for a kind of CRM that does not tell. */
  of(tenant: Tenant): Promise<CrmDirectory>;
}
