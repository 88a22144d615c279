import * as z from 'zod';
import { lengthUnits } from '../values/size.ts';
import { fieldTypes, textFormats, Value } from '../values/value.ts';

/** What a system says of one of its fields (baseline: "Field metadata a connector declares"). */
export const FieldMetadata = z.object({
  key: z.string().min(1).max(100),
  label: z.string().max(200),
  description: z.string().max(1000).optional(),
  type: z.enum(fieldTypes),
  /** What the text means; only for `type: text`. */
  format: z.enum(textFormats).optional(),
  /** Name of the list whose item keys are the values; only for `type: list`. */
  listName: z.string().max(100).optional(),
  /** Longest text the system keeps; 0 = no limit known. */
  maxLength: z.number().int().min(0),
  /** What `maxLength` counts; absent = code points. */
  lengthUnit: z.enum(lengthUnits).optional(),
  access: z.enum(['normal', 'mandatory', 'read-only']),
  searchable: z.boolean(),
  /** Fields of one group share one stored value (the parts of a name, of one address row): they merge as one. */
  group: z.string().max(100).optional(),
  defaultValue: Value.optional(),
  rank: z.number().int().optional(),
  /** Known once, no longer offered by the ERP: kept until it is unmapped or re-mapped. */
  missing: z.boolean().optional(),
});
export type FieldMetadata = z.infer<typeof FieldMetadata>;

/** One item of a list: the key is the value that crosses the port, the text is for people. `code` is a standard code, e.g. ISO 3166-1 alpha-2. */
export const ListItem = z.object({ key: z.string(), text: z.string(), code: z.string().optional() });
export type ListItem = z.infer<typeof ListItem>;
