import * as z from 'zod';
import { ConflictPolicy } from '../merge/policy.ts';
import { FieldMetadata } from '../model/field.ts';
import { Side } from '../model/side.ts';
import { RecordFilter } from './record-filter.ts';
import { constantSource, Transform } from './transform.ts';

/** Which way values of a mapped field travel. `none`: mapped for display only. */
export const Direction = z.enum(['toCrm', 'toErp', 'both', 'none']).meta({
  id: 'Direction',
  description: 'Which way values of a mapped field travel; `none`: mapped for display only.',
});
export type Direction = z.infer<typeof Direction>;

/** One row of an actor type's field mapping, as the administrator sets it. */
export const FieldMapping = z
  .strictObject({
    erpField: z
      .string()
      .min(1)
      .max(100)
      .default(constantSource)
      .meta({
        description: 'Key of the field in the ERP; `=` or left out: a constant goes to the CRM.',
        examples: ['PHONE'],
      }),
    crmField: z
      .string()
      .min(1)
      .max(100)
      .default(constantSource)
      .meta({
        description: 'Key of the field in the CRM; `=` or left out: a constant goes to the ERP.',
        examples: ['phone'],
      }),
    direction: Direction,
    showInSearch: z.boolean().default(false).describe('Shown in, and searched by, a search for actors.'),
    showInErpTab: z.boolean().default(false).describe("Shown in the CRM's ERP tab."),
    conflictPolicy: ConflictPolicy.optional().describe('Absent: that of the connection, else that of the tenant.'),
    enforce: z
      .boolean()
      .optional()
      .describe('Of a field that goes one way: what is edited where it is written is put back at the next look.'),
    noBlanks: z.boolean().optional().describe('A blank of either side never replaces a value of the other.'),
    transform: Transform.optional().describe('What is made of a value on its way.'),
    transformTo: Side.optional().describe(
      'Of a field that goes both ways: the side that holds what the transform makes; absent: the CRM.',
    ),
    constant: z
      .union([z.string().min(1).max(4000), z.number(), z.boolean()])
      .optional()
      .meta({
        description:
          'What the field is set to always, in place of a value of the other side; of a list the key of an item.',
        examples: ['erp'],
      }),
  })
  .meta({ id: 'FieldMapping', description: 'An ERP field joined to a CRM field.' });
export type FieldMapping = z.infer<typeof FieldMapping>;

/** Its values travel; other rows are there to be shown. */
export function isMapped({ direction }: Pick<FieldMapping, 'direction'>): boolean {
  return direction !== 'none';
}

export const ActorTypeMapping = z.strictObject({
  active: z.boolean().describe('Whether actors of this type are linked and kept in agreement.'),
  fields: z.array(FieldMapping).max(80),
  filter: RecordFilter.optional().describe(
    'Which ERP records are synchronised: those that meet all of it; absent: all.',
  ),
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
