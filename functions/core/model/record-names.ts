import * as z from 'zod';
import { cutToBytes } from '../values/cut-to-bytes.ts';
import type { BySide } from './by-side.ts';

/** Kept with every link and every look that changes it: long enough to tell two records apart. */
const mostNameBytes = 200;

/** What people call both records of a link, as they were last read; of a side that tells none there is none. */
export const RecordNames = z.object({ crm: z.string().optional(), erp: z.string().optional() });
export type RecordNames = z.infer<typeof RecordNames>;

/** The same beside the keys of both, as callers and the log read them. */
export const NamesOfPair = z.object({
  crmName: z
    .string()
    .optional()
    .meta({ description: 'What the CRM last called the record.', examples: ['Jansen BV'] }),
  erpName: z
    .string()
    .optional()
    .meta({ description: 'What the ERP last called the actor.', examples: ['Jansen B.V.'] }),
});

function shortened(name: string | undefined): string | undefined {
  const text = cutToBytes(name?.trim() ?? '', mostNameBytes);
  return text === '' ? undefined : text;
}

/** As a read shows them; where it shows none, what was seen before. */
export function namesSeen(before: RecordNames = {}, now: BySide<string | undefined>): RecordNames | undefined {
  const names = { crm: shortened(now.crm) ?? before.crm, erp: shortened(now.erp) ?? before.erp };
  return names.crm === undefined && names.erp === undefined ? undefined : names;
}
