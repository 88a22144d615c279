import * as z from 'zod';
import { FieldMapping, ListPairs } from '../mapping/mapping.ts';
import { ActorType, CrmType } from './actor-type.ts';
import type { Brake } from './brake.ts';
import type { Connection } from './connection.ts';
import { FieldMetadata } from './field.ts';

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

/** What an actor type joins: on each side a type, and the record table it lives in. */
export function tablesOf({ crmType, crmTable, actorType, erpTable }: ActorTypeSetup) {
  return { crm: { type: crmType, table: crmTable }, erp: { type: actorType, table: erpTable } };
}

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
  /** Those that stand, one a kind at most. */
  readonly brakes: readonly Brake[];
}
