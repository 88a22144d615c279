import * as z from 'zod';
import { longestKey } from '../../core/mapping/list-pairing.ts';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { withoutSlashes } from '../../core/values/without-slashes.ts';

/** An id of ours. */
export const Id = z
  .string()
  .regex(/^[0-9A-Za-z-]{1,64}$/, 'Must be an id: 1 to 64 letters, digits and hyphens')
  .meta({ examples: ['01KB1Z6A4C8N1V5H9J2K7M3CNN'] });

/** A key that a CRM or ERP gave its record. */
export const RecordKey = z
  .string()
  .min(1)
  .max(longestKey)
  .meta({ description: 'A key that the system gave its record.', examples: ['1042'] });

export const Name = z.string().trim().min(1).max(200).meta({ description: 'For people.' });
export const Description = z.string().trim().max(2000).meta({ description: 'For people.' });
export const IntervalMinutes = z
  .number()
  .int()
  .min(1)
  .max(525_600)
  .meta({ examples: [5] });
export const FieldName = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'Key of a field.', examples: ['PHONE'] });

function isHttpAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** Which hosts may be called is decided where the call is made. */
export const HttpAddress = z
  .string()
  .max(500)
  .refine(isHttpAddress, 'Must be an http or https address without a user name')
  .transform((text) => withoutSlashes(text))
  .meta({ description: 'An https address; http where the stage allows it.', examples: ['https://erp.example.com'] });

/** For a pipe, whose first step is all that a reader of docs/openapi.json would see. */
function refersTo(id: string) {
  return { override: { $ref: `#/components/schemas/${id}`, type: undefined } };
}

/** Documented in lower case, accepted in any; what is missing is told with the words that there are. */
function inAnyCase<Words extends Readonly<Record<string, string>>>(words: z.ZodEnum<Words>, id: string) {
  const missing = `Is missing: must be one of ${words.options.join(', ')}`;
  return z
    .string({ error: ({ input }) => (input === undefined ? missing : undefined) })
    .toLowerCase()
    .pipe(words)
    .meta(refersTo(id));
}

export const ActorTypeInAnyCase = inAnyCase(ActorType, 'ActorType');
export const CrmTypeInAnyCase = inAnyCase(CrmType, 'CrmType');

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
  .transform((text) => new Date(text).toISOString())
  .meta({ description: 'A time with its offset.', examples: ['2026-11-23T08:00:00Z'] });
