import { z } from 'zod';

/** Who wins when both sides changed a field differently. `latest-wins` falls back where the times cannot tell. */
export const ConflictPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('crm-wins') }),
  z.strictObject({ kind: z.literal('erp-wins') }),
  z.strictObject({ kind: z.literal('latest-wins'), fallback: z.enum(['crm', 'erp']) }),
]);
export type ConflictPolicy = z.infer<typeof ConflictPolicy>;
