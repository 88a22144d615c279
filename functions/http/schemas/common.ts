import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { withoutSlashes } from '../../core/values/without-slashes.ts';

/** An id of ours. */
export const Id = z.string().regex(/^[0-9A-Za-z-]{1,64}$/, 'Must be an id: 1 to 64 letters, digits and hyphens');

/** A key that a CRM or ERP gave its record. */
export const RecordKey = z.string().min(1).max(200);

export const Name = z.string().trim().min(1).max(200);
export const Description = z.string().trim().max(2000);
export const IntervalMinutes = z.number().int().min(1).max(525_600);
export const FieldName = z.string().min(1).max(100);

function isHttpAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** Which hosts may be called is decided where the call is made. */
export const HttpAddress = z
  .string()
  .max(500)
  .refine(isHttpAddress, 'Must be an http or https address without a user name')
  .transform((text) => withoutSlashes(text));

/** In lower case in paths, accepted in any case. */
export const ActorTypeInPath = z.string().toLowerCase().pipe(ActorType);
export const CrmTypeInPath = z.string().toLowerCase().pipe(CrmType);

export const Ok = z.object({ ok: z.literal(true) });

/** An offset can carry a time out of the years that have four digits, and sort keys know no others. */
function isOfFourDigits(text: string): boolean {
  return /^\d{4}-/.test(new Date(text).toISOString());
}

const instantWords = 'Must be a time with its offset, as 2026-11-23T08:00:00Z, of the years 0000 to 9999 in UTC';

/** An instant in any offset, as UTC. */
export const Instant = z.iso
  .datetime({ offset: true, error: instantWords, abort: true })
  .refine(isOfFourDigits, instantWords)
  .transform((text) => new Date(text).toISOString());
