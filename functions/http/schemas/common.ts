import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';

/** An id of ours. */
export const Id = z.string().regex(/^[0-9A-Za-z-]{1,64}$/, 'Not an id');

/** A key that a CRM or ERP gave its record. */
export const RecordKey = z.string().min(1).max(200);

export const Name = z.string().trim().min(1).max(200);
export const Description = z.string().trim().max(2000);
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
  .transform((text) => text.replace(/\/+$/, ''));

/** In lower case in paths, accepted in any case. */
export const ActorTypeInPath = z.string().toLowerCase().pipe(ActorType);
export const CrmTypeInPath = z.string().toLowerCase().pipe(CrmType);

export const Ok = z.object({ ok: z.literal(true) });

/** An instant in any offset, as UTC. */
export const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
