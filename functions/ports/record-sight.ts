import * as z from 'zod';
import { CrmType } from '../core/model/actor-type.ts';

/** A record of the CRM by its type and key there. */
export const CrmRecordName = z.object({ crmType: CrmType, crmKey: z.string() });
export type CrmRecordName = z.infer<typeof CrmRecordName>;

/** As many as the pairs of a preview, and then some. */
export const mostRecordsAsked = 500;

/** Asks which of these records the CRM shows to a session's user; sent to the function that may ask as users. */
export const SightMessage = z.strictObject({
  sight: z.strictObject({
    tenantId: z.string(),
    sessionId: z.string(),
    userId: z.string(),
    records: z.array(CrmRecordName).min(1).max(mostRecordsAsked),
  }),
});
export type SightMessage = z.infer<typeof SightMessage>;

/**
 * `shown`: those of the records that the CRM shows to the user. `ended`: the session is over, or the CRM lets the user in no
 * more; `not-askable`: nothing came with the sign-in to ask the CRM with; `unanswered`: the CRM cannot be asked now.
 */
export const SightAnswer = z.union([
  z.object({ shown: z.array(CrmRecordName) }),
  z.object({ refusal: z.enum(['ended', 'not-askable', 'unanswered']), retryAfterMs: z.number().optional() }),
]);
export type SightAnswer = z.infer<typeof SightAnswer>;

export interface RecordSight {
  /** SyncError `transient`, `throttled` where nobody could be asked. Safe to repeat. */
  ask(message: SightMessage): Promise<SightAnswer>;
}
