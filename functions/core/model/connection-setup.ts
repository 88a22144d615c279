import * as z from 'zod';
import { FieldDefault } from '../mapping/defaults.ts';
import { FieldMapping, ListPairs } from '../mapping/mapping.ts';
import { RecordFilter } from '../mapping/record-filter.ts';
import { ActorType, CrmType } from './actor-type.ts';
import { At } from './at.ts';
import type { Brake } from './brake.ts';
import type { Connection } from './connection.ts';
import { FieldMetadata } from './field.ts';
import { FieldDrift } from './field-drift.ts';

/**
 * One actor type of a connection: the administrator's mapping, and what both systems say of the fields that it names
 * (`core/mapping/fields-in-use.ts`); a `WholeActorType` has all fields.
 */
export const ActorTypeSetup = z.object({
  tenantId: z.string(),
  connectionId: z.string(),
  actorType: ActorType,
  crmType: CrmType,
  label: z.string().meta({ description: 'As the ERP calls it.', examples: ['Customer'] }),
  erpTable: z.string(),
  crmTable: z.string(),
  erpFields: z.array(FieldMetadata),
  crmFields: z.array(FieldMetadata),
  active: z.boolean().describe('Whether actors of this type are linked and kept in agreement.'),
  fields: z.array(FieldMapping),
  filter: RecordFilter.optional(),
  mappingVersion: z
    .number()
    .int()
    .optional()
    .describe('Number of the version that the mapping is; absent: it was never saved.'),
  defaults: z.array(FieldDefault).optional(),
  /** Keys of the ERP's fields in the order of the ERP tab; absent: as the ERP has them. */
  fieldOrder: z.array(z.string()).optional(),
  /** Fields in use that are no longer described as they were; absent: none. */
  drift: z.array(FieldDrift).optional(),
  /** Fingerprint of mapping and list pairs at the last activation: another one at the next starts a compare run; `yetToCompare` does so before. */
  activatedFingerprint: z.string().optional(),
  /** Set aside by the engine: why (an error kind), since when, last at, and where that was met. Tried again once a day. */
  suspended: z
    .object({
      reason: z.string(),
      /** Absent: it was set aside once. */
      since: z.string().optional(),
      at: z.string(),
      metBy: z.enum(['list', 'look']),
    })
    .optional(),
  revision: z.number().int(),
});
export type ActorTypeSetup = z.infer<typeof ActorTypeSetup>;

/** Where all fields of an actor type are stored: in so many parts, of the content with this fingerprint. */
export const MetadataParts = z.object({ of: z.string(), parts: z.number().int() });
export type MetadataParts = z.infer<typeof MetadataParts>;

/** An actor type with all fields that both systems offer, as they were read from these parts; only so can its fields or mapping be changed. */
export interface WholeActorType extends ActorTypeSetup {
  readonly readFrom: MetadataParts;
}

/** Of an actor type whose fields are stored nowhere yet, or all in its own item as by an earlier version. */
export const noParts: MetadataParts = { of: '', parts: 0 };

/** In place of the fingerprint of an active type whose fields the engine found changed: no mapping has it. */
export const yetToCompare = 'fields-changed';

/** Why and since when an actor type is left alone, as people see it. */
export const SetAside = z
  .object({ reason: z.string().meta({ description: 'The kind of failure.', examples: ['misconfigured'] }), since: At })
  .describe(
    'The engine leaves the type alone because only an administrator can mend it; it is tried once a day, and after a test.',
  );

export function setAsideView({ suspended }: ActorTypeSetup): z.infer<typeof SetAside> | undefined {
  return suspended && { reason: suspended.reason, since: suspended.since ?? suspended.at };
}

/** Drift of a connection: that of each of its types. */
export const TypeDrift = FieldDrift.extend({ actorType: ActorType });
export type TypeDrift = z.infer<typeof TypeDrift>;

/** Of the types that are active. */
export function driftOfTypes(actorTypes: readonly ActorTypeSetup[]): TypeDrift[] {
  return actorTypes
    .filter(({ active }) => active)
    .flatMap(({ actorType, drift = [] }) => drift.map((one) => ({ ...one, actorType })));
}

const dayMs = 86_400_000;

/** Neither listed nor looked at; a day after it was set aside it is tried. */
export function isSetAside({ suspended }: ActorTypeSetup, nowMs: number): boolean {
  return suspended !== undefined && nowMs - Date.parse(suspended.at) < dayMs;
}

/** What an actor type joins: on each side a type, and the record table it lives in. */
export function tablesOf({ crmType, crmTable, actorType, erpTable }: ActorTypeSetup) {
  return { crm: { type: crmType, table: crmTable }, erp: { type: actorType, table: erpTable } };
}

/** Which items of an ERP list are which of a CRM list: as a person said, and where items have standard codes by those. */
export const ListPairing = z.object({
  tenantId: z.string(),
  connectionId: z.string(),
  erpList: z.string(),
  crmList: z.string(),
  pairs: ListPairs,
  /** ERP items that a person left without a counterpart: their codes pair them no more. */
  leftOut: z.array(z.string()).optional(),
});
export type ListPairing = z.infer<typeof ListPairing>;

/** What the list mappings of a connection have in common. */
export const ListMappings = z.object({
  /** Goes up with every change of a pair. */
  revision: z.number().int(),
  /** Items were mapped while the connection was active, last at this instant: links that wait for them are yet to be made due. */
  mappedAt: z.string().optional(),
});
export type ListMappings = z.infer<typeof ListMappings>;

/** Before any pair was made. */
export const noListMappings: ListMappings = { revision: 0 };

/** Everything the engine needs to know of a connection; one query. */
export interface ConnectionSetup {
  readonly connection: Connection;
  readonly actorTypes: readonly ActorTypeSetup[];
  readonly listPairings: readonly ListPairing[];
  readonly lists: ListMappings;
  /** Those that stand, one a kind at most. */
  readonly brakes: readonly Brake[];
}

/** The same with all fields of every type; one query more. */
export interface WholeSetup extends ConnectionSetup {
  readonly actorTypes: readonly WholeActorType[];
}

/** The set-up as far as it is worked with now. */
export function withoutSetAside(setup: ConnectionSetup, nowMs: number): ConnectionSetup {
  return { ...setup, actorTypes: setup.actorTypes.filter((type) => !isSetAside(type, nowMs)) };
}
