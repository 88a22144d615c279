import { z } from 'zod';

/** A link that must be looked at. Removed only by a look that read both sides after it was written, on condition of `sequence`. */
export const DueItem = z.object({
  tenantId: z.string(),
  connectionId: z.string(),
  linkId: z.string(),
  /** Fresh with every write (an id, not a counter). */
  sequence: z.string(),
  /** The chunk whose message will look at it; absent or closed = no live message. */
  chunk: z.object({ runId: z.string(), chunkId: z.string() }).optional(),
  /** Polls leave it alone until then (ISO instant): a wait longer than a queue can hold. */
  notBefore: z.string().optional(),
});
export type DueItem = z.infer<typeof DueItem>;
