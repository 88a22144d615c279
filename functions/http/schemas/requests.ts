import * as z from 'zod';
import { CrmType } from '../../core/model/actor-type.ts';
import { Id, RecordKey } from './common.ts';

const Nothing = z.strictObject({});

/** What every request's schema extends: a part that a route does not name must be empty. */
export const EmptyRequest = z.object({
  params: Nothing,
  query: Nothing,
  // Actions without input take an empty object too.
  body: Nothing.optional(),
});

/** Query of every list; filters extend it. */
export const Paging = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'Must be a whole number from 1 to 200')
    .transform(Number)
    .pipe(z.number().max(200))
    .default(50)
    .meta({
      description: 'The most items of the page.',
      override: { type: 'integer', minimum: 1, maximum: 200, default: 50, pattern: undefined },
    }),
  cursor: z.string().max(4000).optional().describe('`nextCursor` of the page before, with the same filter.'),
});

/** Filter of a list by a CRM record. */
export const OfCrmRecord = {
  crmType: CrmType.optional(),
  crmKey: RecordKey.optional().describe('Needs `crmType`.'),
};

/** Where the call before ended, of a change that takes several calls. */
export const CursorInBody = z
  .string()
  .max(4000)
  .optional()
  .describe('`nextCursor` of the answer before, with the same request: goes on behind what that took.');

export const NextInAnswer = z
  .string()
  .optional()
  .describe('There may be more: send the same request with it as `cursor`.');

export const ListRequest = EmptyRequest.extend({ query: Paging });

export const ById = z.strictObject({ id: Id });
export const RequestById = EmptyRequest.extend({ params: ById });
