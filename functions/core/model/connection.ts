import { z } from 'zod';
import { FieldMapping, ListPairs } from '../mapping/mapping.ts';
import { ConflictPolicy } from '../merge/conflict-policy.ts';
import { ActorType, CrmType } from './actor-type.ts';
import { FieldMetadata } from './field.ts';

/** A tenant: one CRM context and the settings of its CRM system. Secrets lie in the vault (`…/{tenant}/crm`). */
export const Tenant = z.object({
  id: z.string(),
  /** CRM tenant key such as `Cust12345`; claimed once, never changed by API. */
  crmContext: z.string(),
  revision: z.number().int(),
  crm: z
    .object({
      kind: z.literal('superoffice'),
      /** Un-numbered host that answers the tenant's state, e.g. `https://online.superoffice.com`. */
      address: z.string(),
      clientId: z.string(),
      /** Vault version the settings were tested with. */
      secretVersion: z.string(),
    })
    .optional(),
  defaultConflictPolicy: ConflictPolicy,
  retentionDays: z.number().int().min(1).max(3650),
  createdAt: z.string(),
});
export type Tenant = z.infer<typeof Tenant>;

export const Role = z.enum(['admin', 'user', 'service']);
export type Role = z.infer<typeof Role>;

export const ApiKey = z.object({
  tenantId: z.string(),
  id: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'service']),
  /** SHA-256 of the secret part, hex: the secret has 256 random bits, so a slow hash adds nothing. */
  secretHash: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
  revision: z.number().int(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Built-in connector kinds. */
export const ConnectorKind = z.enum(['tryton']);
export type ConnectorKind = z.infer<typeof ConnectorKind>;

/** A Sync Connector: one kind of ERP system at one address. */
export const Connector = z.object({
  tenantId: z.string(),
  id: z.string(),
  kind: ConnectorKind,
  name: z.string(),
  url: z.string(),
  /** Connections that use it, deleted ones too: deletion is refused while it is not 0. */
  connections: z.number().int(),
  revision: z.number().int(),
  createdAt: z.string(),
});
export type Connector = z.infer<typeof Connector>;

export const connectionStates = ['inactive', 'active', 'suspended', 'deleted'] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** Legal moves; suspending is the engine's, a successful test resumes. */
export const connectionMoves: Readonly<Record<ConnectionState, readonly ConnectionState[]>> = {
  inactive: ['active', 'deleted'],
  active: ['suspended', 'inactive', 'deleted'],
  suspended: ['active', 'inactive', 'deleted'],
  deleted: ['inactive'],
};

/** An ERP connection. Its passwords lie in the vault (`…/{tenant}/{connection}`). */
export const Connection = z.object({
  tenantId: z.string(),
  id: z.string(),
  connectorId: z.string(),
  connectorKind: ConnectorKind,
  connectorUrl: z.string(),
  name: z.string(),
  description: z.string().optional(),
  state: z.enum(connectionStates),
  /** Why it is suspended (error kind) and since when; the explanation is on its open failure. */
  suspension: z.object({ kind: z.string(), at: z.string() }).optional(),
  /** Values of the declared configuration fields, passwords left out. */
  config: z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])),
  /** Names of password fields that are set. */
  secretsSet: z.array(z.string()),
  secretVersion: z.string().optional(),
  /** Place in the sync order, 0 = first. */
  place: z.number().int(),
  intervalMinutes: z.number().int().min(1).max(525_600),
  conflictPolicy: ConflictPolicy.optional(),
  /** Cursors exist: they were taken at the first activation. */
  activatedBefore: z.boolean(),
  deletedAt: z.string().optional(),
  revision: z.number().int(),
  createdAt: z.string(),
});
export type Connection = z.infer<typeof Connection>;

/** One actor type of a connection: what the ERP says of its fields (cached at save), and the administrator's mapping. */
export const ActorTypeSetup = z.object({
  tenantId: z.string(),
  connectionId: z.string(),
  actorType: ActorType,
  crmType: CrmType,
  label: z.string(),
  erpTable: z.string(),
  crmTable: z.string(),
  erpFields: z.array(FieldMetadata),
  crmFields: z.array(FieldMetadata),
  active: z.boolean(),
  fields: z.array(FieldMapping),
  /** Fingerprint of mapping and list pairs at the last activation: another one at the next starts a compare run. */
  activatedFingerprint: z.string().optional(),
  revision: z.number().int(),
});
export type ActorTypeSetup = z.infer<typeof ActorTypeSetup>;

/** ERP ↔ CRM items of one pair of lists, made when the connection is saved, refreshed or activated. */
export const ListPairing = z.object({
  tenantId: z.string(),
  connectionId: z.string(),
  erpList: z.string(),
  crmList: z.string(),
  pairs: ListPairs,
});
export type ListPairing = z.infer<typeof ListPairing>;

/** Everything the engine needs to know of a connection; one query. */
export interface ConnectionSetup {
  readonly connection: Connection;
  readonly actorTypes: readonly ActorTypeSetup[];
  readonly listPairings: readonly ListPairing[];
}

/** What changes at every poll, kept apart from the set-up so that polling never touches an ETag. */
export const ConnectionActivity = z.object({
  lastPolledAt: z.string().optional(),
  /** UTC day (`YYYY-MM-DD`) of the last daily compare run. */
  lastComparedDay: z.string().optional(),
  lastSyncAt: z.string().optional(),
});
export type ConnectionActivity = z.infer<typeof ConnectionActivity>;
