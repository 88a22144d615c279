import * as z from 'zod';
import { remedyOf, remedyOfField } from '../../core/explain/remedy.ts';
import { Failure, FieldTrouble, SyncErrorKind } from '../../core/model/failure.ts';
import { dismissFailure } from '../../features/failures/dismiss-failure.ts';
import { failuresWithTexts } from '../../features/failures/failures-with-texts.ts';
import { listFailures } from '../../features/failures/list-failures.ts';
import { retryFailure, retryFailures } from '../../features/failures/retry-failures.ts';
import { found } from '../../features/found.ts';
import { route, userList, userRoute } from '../application-routes.ts';
import { ItemText } from '../schemas/changes.ts';
import { Id } from '../schemas/common.ts';
import { CursorInBody, EmptyRequest, ListRequest, NextInAnswer, OfCrmRecord, Paging } from '../schemas/requests.ts';

/** Kinds that only a request of the API can fail with, never the engine's work. */
const RetriedKind = SyncErrorKind.exclude([
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'precondition',
  'precondition-required',
  'too-many-requests',
  'out-of-time',
]);

/** Failures are named after what they are about. */
export const FailureId = z
  .string()
  .regex(/^[\w.:-]{1,300}$/)
  .meta({ examples: ['01KB1ZC3W8P4T6N9R2V5X7YLNK'] });
const RequestByFailureId = EmptyRequest.extend({ params: z.strictObject({ id: FailureId }) });

const RunIds = z.array(z.string()).describe('The runs that try again.');

const FailureQuery = Paging.extend({
  connectionId: Id.optional(),
  linkId: Id.optional(),
  runId: Id.optional(),
  ...OfCrmRecord,
});
const RetryFilter = z.strictObject({
  connectionId: Id.optional(),
  linkId: Id.optional(),
  runId: Id.optional(),
  kind: RetriedKind.optional(),
  reason: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Of the failure, or of one of its fields.', examples: ['too-long'] }),
  cursor: CursorInBody,
});
const Remedy = z.string().meta({
  description: 'What mends it, in a sentence.',
  examples: ['Shorten the value, or make the field that it goes to longer.'],
});
const TextsOfForms = z
  .object({ crm: ItemText, erp: ItemText })
  .describe('Of list items in `forms`: their texts, as both systems have them.');
/** A field as the failure names it may be sent as it was read. */
const SeenField = z
  .strictObject(
    FieldTrouble.extend({ remedy: Remedy, texts: TextsOfForms }).partial({
      ...{ kind: true, explanation: true, forms: true, remedy: true, texts: true },
    }).shape,
  )
  .meta({ id: 'SeenField', description: 'A field as a failure names it: `field`, `reason` and `firstAt` say which.' });
const Dismissal = z.strictObject({
  fields: z
    .array(SeenField)
    .min(1)
    .max(2000)
    .optional()
    .describe('Of the failure of drift, where it is needed: what is accepted, as the failure names it.'),
});
const FailureView = Failure.omit({ tenantId: true })
  .extend({
    remedy: Remedy,
    fields: z
      .array(FieldTrouble.extend({ remedy: Remedy, texts: TextsOfForms.optional() }))
      .describe(Failure.shape.fields.description ?? ''),
  })
  .meta({ id: 'Failure', description: 'Something that needs attention, and what mends it.' });

function failureView(failure: Failure): z.input<typeof FailureView> {
  const fields = failure.fields.map((one) => ({ ...one, remedy: remedyOfField(one) }));
  return { ...failure, remedy: remedyOf(failure), fields };
}

export const failureRoutes = [
  userList('listFailures', {
    request: ListRequest.extend({ query: FailureQuery }),
    item: FailureView,
    touches: ({ query: { linkId, crmType, crmKey } }) => ({
      kind: 'list',
      of: { linkId, crmType, crmKey },
      beside: 'failures',
    }),
    async handle(app, { caller, query, page, named, language }) {
      const { items, cursor } = await listFailures(app, caller.tenantId, query, page, named);
      const withTexts = await failuresWithTexts(app, caller.tenantId, items, language);
      return { items: withTexts.map(failureView), cursor };
    },
  }),
  userRoute('getFailure', {
    request: RequestByFailureId,
    answer: FailureView,
    touches: ({ params }) => ({ kind: 'failure', failureId: params.id }),
    async handle(app, { caller, params, language }) {
      const failure = found(await app.failures.get(caller.tenantId, params.id), 'failure', params.id);
      const [withTexts = failure] = await failuresWithTexts(app, caller.tenantId, [failure], language);
      return { body: failureView(withTexts) };
    },
  }),
  route('retryFailures', {
    request: EmptyRequest.extend({ body: RetryFilter.default({}) }),
    answer: z.object({
      retried: z.number().describe('How many.'),
      runIds: RunIds,
      refused: z
        .array(z.object({ connectionId: z.string(), reason: z.string().describe('For people.') }))
        .describe('Connections whose failures could not be retried.'),
      nextCursor: NextInAnswer,
    }),
    async handle(app, { caller, cursors, body: { cursor: sealed, ...filter } }) {
      const from = sealed === undefined ? undefined : await cursors.unseal(sealed, 'cursor');
      const { cursor, ...answer } = await retryFailures(app, caller, filter, from);
      return { body: { ...answer, nextCursor: cursor === undefined ? undefined : await cursors.seal(cursor) } };
    },
  }),
  userRoute('retryFailure', {
    request: RequestByFailureId,
    answer: z.object({ runIds: RunIds }),
    touches: ({ params }) => ({ kind: 'failure', failureId: params.id }),
    handle: async (app, { caller, params }) => ({ body: await retryFailure(app, caller, params.id) }),
  }),
  route('dismissFailure', {
    request: RequestByFailureId.extend({ body: Dismissal.default({}) }),
    async handle(app, { caller, params, body }) {
      await dismissFailure(app, caller, params.id, body.fields);
      return {};
    },
  }),
];
