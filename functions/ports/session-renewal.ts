import * as z from 'zod';

/** Asks for what the CRM now says of a session's user; sent to the function that may ask. */
export const RenewalMessage = z.strictObject({ renew: z.object({ tenantId: z.string(), sessionId: z.string() }) });
export type RenewalMessage = z.infer<typeof RenewalMessage>;

export interface SessionRenewal {
  /** Once it has come back the stored session says what was found; throws where nothing was. Safe to repeat. */
  renew(message: RenewalMessage): Promise<void>;
}
