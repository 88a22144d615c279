import * as z from 'zod';
import type { Link } from './link.ts';

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
  /** Changes listed meanwhile keep that wait: every look at it ended in vain, whatever the change. */
  keepsWait: z.boolean().optional(),
});
export type DueItem = z.infer<typeof DueItem>;

/**
 * A link's due item as it is written afresh. Without a chunk the next poll finds it; `sequence` is a new id, so that
 * nobody who read an older item removes this one.
 */
export function dueOf(
  { tenantId, connectionId, id }: Pick<Link, 'tenantId' | 'connectionId' | 'id'>,
  sequence: string,
  chunk?: DueItem['chunk'],
): DueItem {
  return { tenantId, connectionId, linkId: id, sequence, chunk };
}
