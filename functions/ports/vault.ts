/**
 * Secrets, one per owner: a tenant's CRM (`crm`) or a connection. A change is a new version; the owner stores the version
 * it was tested with, so that a crash in between leaves the old pair working.
 */
export interface Vault {
  /** The secret fields of that version; SyncError `misconfigured` if it does not exist. Cached in memory for at most 5 minutes. */
  read(tenantId: string, owner: string, version: string): Promise<Readonly<Record<string, string>>>;
  /** Makes a new version and answers its id. */
  write(tenantId: string, owner: string, secrets: Readonly<Record<string, string>>): Promise<string>;
  /** They can be taken back for a while. */
  remove(tenantId: string, owner: string): Promise<void>;
  /** Those of every owner of the tenant, also of one that was never stored; like `remove`, and safe to repeat. */
  removeAll(tenantId: string): Promise<void>;
  /** Takes back what was removed; nothing where nothing was. */
  restore(tenantId: string, owner: string): Promise<void>;
}
