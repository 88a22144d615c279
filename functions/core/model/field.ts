import * as z from 'zod';
import { lengthUnits } from '../values/size.ts';
import { fieldTypes, textFormats, Value } from '../values/value.ts';

/** What a system says of one of its fields (baseline: "Field metadata a connector declares"). */
export const FieldMetadata = z
  .object({
    key: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'Names the field, also in mappings.', examples: ['PHONE'] }),
    label: z
      .string()
      .max(200)
      .meta({ description: 'For people.', examples: ['Phone'] }),
    description: z.string().max(1000).optional(),
    type: z.enum(fieldTypes),
    format: z.enum(textFormats).optional().describe('What the text means; only of type `text`.'),
    listName: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'The list whose item keys are the values; only of type `list`.', examples: ['country'] }),
    maxLength: z.number().int().min(0).describe('Longest text that the system keeps; 0: no limit is known.'),
    lengthUnit: z.enum(lengthUnits).optional().describe('What `maxLength` counts; absent: code points.'),
    access: z.enum(['normal', 'mandatory', 'read-only']),
    searchable: z.boolean(),
    group: z
      .string()
      .max(100)
      .optional()
      .describe('Fields of one group share one stored value (parts of a name, of an address): they merge as one.'),
    defaultValue: Value.optional(),
    rank: z.number().int().optional().describe('Place among the fields that are shown.'),
    missing: z.boolean().optional().describe('Known once and no longer offered by the ERP: kept until it is unmapped.'),
  })
  .meta({ id: 'Field', description: 'What a system says of one of its fields.' });
export type FieldMetadata = z.infer<typeof FieldMetadata>;

/** One item of a list: the key is the value that crosses the port, the text is for people. `code` is a standard code, e.g. ISO 3166-1 alpha-2. */
export const ListItem = z
  .object({
    key: z.string().meta({ description: 'The value that a field has.', examples: ['528'] }),
    text: z.string().meta({ description: 'For people.', examples: ['Netherlands'] }),
    code: z
      .string()
      .optional()
      .meta({ description: 'A standard code; of countries ISO 3166-1 alpha-2.', examples: ['NL'] }),
  })
  .meta({ id: 'ListItem', description: 'One item of a list.' });
export type ListItem = z.infer<typeof ListItem>;
