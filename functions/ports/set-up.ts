import type {
  ActorTypeSetup,
  ApiKey,
  Connection,
  ConnectionActivity,
  ConnectionSetup,
  Connector,
  ListPairing,
  Tenant,
} from '../core/model/connection.ts';
import type { LinkState } from '../core/model/link.ts';
import type { Page, PageRequest } from './page.ts';

/** Configuration. `replace` is on condition of the revision read and stores revision + 1; undefined = superseded. */
export interface Tenants {
  /** False = the CRM context is claimed already. The first key is stored with it. */
  create(tenant: Tenant, firstKey: ApiKey): Promise<boolean>;
  get(tenantId: string): Promise<Tenant | undefined>;
  replace(tenant: Tenant): Promise<Tenant | undefined>;
}

export interface ApiKeys {
  create(key: ApiKey): Promise<void>;
  get(tenantId: string, keyId: string): Promise<ApiKey | undefined>;
  list(tenantId: string, page: PageRequest): Promise<Page<ApiKey>>;
  remove(tenantId: string, keyId: string): Promise<boolean>;
  /** At most once a minute per key, best effort. */
  touch(tenantId: string, keyId: string, at: string): Promise<void>;
}

export interface Connectors {
  create(connector: Connector): Promise<void>;
  get(tenantId: string, connectorId: string): Promise<Connector | undefined>;
  list(tenantId: string, page: PageRequest): Promise<Page<Connector>>;
  replace(connector: Connector): Promise<Connector | undefined>;
  /** Refused while connections exist, in the same condition. */
  remove(connector: Connector): Promise<'removed' | 'superseded' | 'in-use'>;
}

export interface Connections {
  /** Connection, its actor types and the connector's count, all or nothing. False = the connector is gone. */
  create(connection: Connection, actorTypes: readonly ActorTypeSetup[]): Promise<boolean>;
  get(tenantId: string, connectionId: string): Promise<Connection | undefined>;
  /** One query: connection, actor types, list pairings. */
  getSetup(tenantId: string, connectionId: string): Promise<ConnectionSetup | undefined>;
  list(tenantId: string, page: PageRequest & { includeDeleted: boolean }): Promise<Page<Connection>>;
  /** Every connection of the tenant that is not deleted, in sync order. */
  inOrder(tenantId: string): Promise<Connection[]>;
  replace(connection: Connection): Promise<Connection | undefined>;
  /** Sets the places, all or nothing; false = a connection changed meanwhile. */
  reorder(connections: readonly Connection[]): Promise<boolean>;
  putActorTypes(actorTypes: readonly ActorTypeSetup[]): Promise<boolean>;
  replaceActorType(setup: ActorTypeSetup): Promise<ActorTypeSetup | undefined>;
  putListPairings(pairings: readonly ListPairing[]): Promise<void>;
  activity(tenantId: string, connectionId: string): Promise<ConnectionActivity>;
  notePolled(tenantId: string, connectionId: string, at: string): Promise<void>;
  noteSynced(tenantId: string, connectionId: string, at: string): Promise<void>;
  /** The UTC day (`YYYY-MM-DD`) of the last daily compare run. */
  noteCompared(tenantId: string, connectionId: string, day: string): Promise<void>;
  summary(tenantId: string, connectionId: string): Promise<SummaryCounts>;
}

/** Sharded counters added up: by actor type. */
export interface SummaryCounts {
  readonly [actorType: string]: {
    readonly links: Readonly<Record<LinkState, number>>;
    readonly failures: number;
    readonly held: number;
  };
}

/** Answers kept for 24 h under tenant and key; bodies only as a keyed hash. */
export interface IdempotencyKeys {
  /** First caller: `started`. Same key again: the kept answer, `busy` while the first still works, or `mismatch`. */
  begin(entry: { tenantId: string; key: string; requestHash: string; leaseMs: number }): Promise<IdempotencyState>;
  finish(entry: { tenantId: string; key: string; requestHash: string; answer: KeptAnswer }): Promise<void>;
  /** After a failure that changed nothing: the key is free again. */
  abandon(entry: { tenantId: string; key: string; requestHash: string }): Promise<void>;
}

export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type IdempotencyState =
  | { readonly state: 'started' }
  | { readonly state: 'finished'; readonly answer: KeptAnswer }
  | { readonly state: 'busy' }
  | { readonly state: 'mismatch' };
