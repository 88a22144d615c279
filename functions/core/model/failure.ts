import { z } from 'zod';
import { errorKinds } from '../errors.ts';

export const SyncErrorKind = z.enum(errorKinds);

/**
 * Something that needs attention: a record, one field of it, a connection, or a message that could not be handled.
 * Open until retried with success, dismissed or overtaken by a later success.
 */
export const Failure = z.object({
  tenantId: z.string(),
  /** Deterministic (link and field, or connection and table), so that the same trouble is one failure. */
  id: z.string(),
  connectionId: z.string(),
  linkId: z.string().optional(),
  runId: z.string().optional(),
  /** Field key (`fieldKey`) where one field is concerned. */
  field: z.string().optional(),
  kind: SyncErrorKind,
  /** Stable word for why: a parked reason, a held reason, or the error kind. */
  reason: z.string(),
  /** The vendor's own words; this tenant's data. */
  explanation: z.string().max(4000).optional(),
  /** Both forms where the two sides re-format a value in turn; this tenant's data. */
  forms: z.object({ crm: z.string().nullable(), erp: z.string().nullable() }).optional(),
  attempts: z.number().int(),
  firstAt: z.string(),
  lastAt: z.string(),
  /** When polls try again by themselves, where they do. */
  nextAttemptAt: z.string().optional(),
});
export type Failure = z.infer<typeof Failure>;
