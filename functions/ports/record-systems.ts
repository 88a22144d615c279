import type { Connection } from '../core/model/connection.ts';
import type { FieldMetadata } from '../core/model/field.ts';
import type { Tenant } from '../core/model/tenant.ts';
import type { RecordSystem } from './record-system.ts';

export type ConfigValues = Readonly<Record<string, string | number | boolean>>;

/** Opens the two ends of a connection; instances keep sessions and metadata in memory, per tenant and connection. */
export interface RecordSystems {
  /** SyncError `misconfigured` while the tenant has no CRM settings. */
  crm(tenant: Tenant): Promise<RecordSystem>;
  erp(connection: Connection): Promise<RecordSystem>;
  /** An ERP that is not saved yet; secrets are in `config`. */
  candidateErp(kind: string, url: string, config: ConfigValues): RecordSystem;
  /** A CRM that is not saved yet. */
  candidateCrm(
    settings: { address: string; clientId: string; crmContext: string },
    secrets: Readonly<Record<string, string>>,
  ): RecordSystem;
  /** Built-in connector kinds with the configuration fields that a connection needs. */
  connectorTypes(): readonly ConnectorType[];
}

export interface ConnectorType {
  readonly kind: string;
  readonly label: string;
  readonly configFields: readonly FieldMetadata[];
  /** Is something of this kind there? Needs no credentials. SyncError with the explanation otherwise. */
  reach(url: string): Promise<void>;
}
