import * as z from 'zod';
import { ConflictPolicy } from '../merge/policy.ts';
import { FieldMetadata } from '../model/field.ts';
import { Side } from '../model/side.ts';
import { RecordFilter } from './record-filter.ts';
import { constantSource, Transform } from './transform.ts';

/** Which way values of a mapped field travel. `none`: mapped for display only. */
export const Direction = z.enum(['toCrm', 'toErp', 'both', 'none']);
export type Direction = z.infer<typeof Direction>;

/** One row of an actor type's field mapping, as the administrator sets it. */
export const FieldMapping = z.strictObject({
  /** `=` (or left out): a constant goes to the CRM field. */
  erpField: z.string().min(1).max(100).default(constantSource),
  /** `=` (or left out): a constant goes to the ERP field. */
  crmField: z.string().min(1).max(100).default(constantSource),
  direction: Direction,
  showInSearch: z.boolean().default(false),
  showInErpTab: z.boolean().default(false),
  conflictPolicy: ConflictPolicy.optional(),
  /** Of a field that goes one way: what is edited where it is written is put back at the next look. */
  enforce: z.boolean().optional(),
  /** A blank of either side never replaces a value of the other. */
  noBlanks: z.boolean().optional(),
  /** What is made of a value on its way. */
  transform: Transform.optional(),
  /** Of a field that goes both ways: the side that holds what the transform makes; default the CRM. */
  transformTo: Side.optional(),
  /** What the field is set to always, in place of a value of the other side; of a list its item's key. */
  constant: z.union([z.string().min(1).max(4000), z.number(), z.boolean()]).optional(),
});
export type FieldMapping = z.infer<typeof FieldMapping>;

/** Its values travel; other rows are there to be shown. */
export function isMapped({ direction }: Pick<FieldMapping, 'direction'>): boolean {
  return direction !== 'none';
}

export const ActorTypeMapping = z.strictObject({
  active: z.boolean(),
  fields: z.array(FieldMapping).max(80),
  /** Which records are synchronised; absent: all. */
  filter: RecordFilter.optional(),
});
export type ActorTypeMapping = z.infer<typeof ActorTypeMapping>;

/** Item keys of one list, ERP → CRM; made by standard code (countries: ISO 3166-1 alpha-2). */
export const ListPairs = z.record(z.string(), z.string());
export type ListPairs = z.infer<typeof ListPairs>;

/** A mapping row joined with what both systems say of its fields: what the planner works on. */
export const MappedField = FieldMapping.extend({
  erp: FieldMetadata,
  crm: FieldMetadata,
  /** ERP item key → CRM item key; present when both fields are lists. */
  listPairs: ListPairs.optional(),
});
export type MappedField = z.infer<typeof MappedField>;
