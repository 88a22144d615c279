import type { Connection } from '../core/model/connection.ts';
import type { ConfigValues } from '../core/model/connector.ts';
import type { FieldMetadata } from '../core/model/field.ts';
import type { Side } from '../core/model/side.ts';
import type { Tenant } from '../core/model/tenant.ts';
import type { CrmDirectory } from './crm-directory.ts';
import type { HttpClient } from './http.ts';
import type { IdentityProvider, SignInRequest } from './identity-provider.ts';
import type { RecordSystem } from './record-system.ts';
import type { Runtime } from './runtime.ts';

/** Opens the two ends of a connection; instances keep sessions and metadata in memory, per tenant and connection. */
export interface RecordSystems {
  /** SyncError `misconfigured` while the tenant has no CRM settings. */
  crm(tenant: Tenant): Promise<RecordSystem>;
  erp(connection: Connection): Promise<RecordSystem>;
  /** A CRM that a person tests; secrets are in `config`. */
  candidateCrm(kind: string, site: CrmSite, config: ConfigValues, signer: Signer): Promise<RecordSystem>;
  /** An ERP that a person tests; secrets are in `config`. */
  candidateErp(kind: string, url: string, config: ConfigValues, signer: Signer): Promise<RecordSystem>;
  /** Is an ERP of this kind there? Needs no credentials. SyncError with the explanation otherwise. */
  reachErp(kind: string, url: string): Promise<void>;
  /** The kinds that are built in. */
  connectorTypes(side: Side): readonly ConnectorType[];
}

/** Whose secrets sign in: a connection's or its tenant's CRM's; without a version they are not stored. */
export interface Signer {
  readonly tenantId: string;
  readonly connectionId?: string | undefined;
  readonly secretVersion?: string | undefined;
}

/**
 * Makes a sign-in, or throws why it must not be made now: SyncError `unauthorised` or `throttled`. `endedAtMs`: when the
 * ticket of an earlier sign-in was found to be no longer good; its secret may not be either.
 */
export type GuardSignIn = <T>(signIn: () => Promise<T>, endedAtMs?: number) => Promise<T>;

/** A kind of system that can be connected, as its vendor's folder declares it. */
export interface ConnectorType {
  /** The name of the vendor's folder. */
  readonly kind: string;
  readonly label: string;
  /** What an administrator fills in besides the address; passwords go to the secret store. */
  readonly settings: readonly FieldMetadata[];
  /** Settings that say who signs in where; stored secrets are good for these values only. Absent: all but passwords. */
  readonly secretsBoundTo?: readonly string[];
}

/** What a connector has of the outside. */
export interface Outside {
  readonly http: HttpClient;
  readonly runtime: Runtime;
  /** Every sign-in goes through it (`signInOnce`). */
  readonly guardSignIn?: GuardSignIn | undefined;
}

/** `connector` of a folder below `adapters/erp/`. */
export interface ErpConnector extends ConnectorType {
  /** As `RecordSystems.reachErp`. */
  reach(outside: Outside, url: string): Promise<void>;
  /** Calls nothing yet: it loads the vendor's code, which no function carries before it is used. `config` has values and secrets of the settings. */
  open(outside: Outside, url: string, config: ConfigValues): Promise<RecordSystem>;
}

export interface CrmSite {
  readonly address: string;
  /** The tenant's key in the CRM, such as `Cust12345`. */
  readonly crmContext: string;
}

/**
 * `connector` of a folder below `adapters/crm/`. Its passwords are all mandatory: a tenant does not say which are set. No
 * setting is called `kind` or `address`: a tenant is sent and read with all of them side by side.
 */
export interface CrmConnector extends ConnectorType {
  /** As `ErpConnector.open`. */
  open(outside: Outside, site: CrmSite, config: ConfigValues): Promise<RecordSystem>;
  /** Absent where its users cannot sign in. */
  readonly people?: CrmPeople | undefined;
}

/** The users of a CRM: where they sign in, and who there is. */
interface CrmPeople {
  /** Where the vendor's own customers are. */
  readonly publicAddress: string;
  /** Where a browser is sent; `config` needs no secrets. */
  signInUrl(site: CrmSite, config: ConfigValues, request: SignInRequest): string;
  /** As `ErpConnector.open`. */
  openIdentityProvider(outside: Outside, site: CrmSite, config: ConfigValues): Promise<IdentityProvider>;
  /** As `ErpConnector.open`. */
  openDirectory(outside: Outside, site: CrmSite, config: ConfigValues): Promise<CrmDirectory>;
}
