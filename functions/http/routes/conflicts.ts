import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { At } from '../../core/model/at.ts';
import { BothForms, heldReasons } from '../../core/model/link.ts';
import { NamesOfPair } from '../../core/model/record-names.ts';
import { Side } from '../../core/model/side.ts';
import { Value } from '../../core/values/value.ts';
import { conflictsWithTexts, linkOfConflict, listConflicts } from '../../features/conflicts/list-conflicts.ts';
import { resolveConflict } from '../../features/conflicts/resolve-conflict.ts';
import { resolveConflicts } from '../../features/conflicts/resolve-conflicts.ts';
import { runView } from '../../features/runs/run-view.ts';
import { route, userList, userRoute } from '../application-routes.ts';
import { ConflictTexts } from '../schemas/changes.ts';
import { ActorTypeInAnyCase, FieldName, Id } from '../schemas/common.ts';
import { CursorInBody, EmptyRequest, ListRequest, NextInAnswer, OfCrmRecord, Paging } from '../schemas/requests.ts';
import { FailureId } from './failures.ts';
import { RunView } from './sync-runs.ts';

const Conflict = z
  .object({
    id: z.string().describe('What to resolve.'),
    connectionId: z.string(),
    linkId: z.string(),
    crmType: CrmType,
    crmKey: z.string().meta({ examples: ['317'] }),
    actorType: ActorType,
    erpKey: z.string().meta({ examples: ['1042'] }),
    ...NamesOfPair.shape,
    erpField: z.string().meta({ examples: ['PHONE'] }),
    crmField: z.string().meta({ examples: ['phone'] }),
    reason: z.string().meta({
      description: 'Why it waits for a person: `asked`, `choice-void`, `reformatted-in-turn` or `dropped`.',
      examples: ['asked'],
    }),
    base: BothForms.optional().describe('What was last agreed, in both forms.'),
    crm: z
      .string()
      .nullable()
      .meta({ description: 'The value in the CRM, as a text.', examples: ['+31 20 1234567'] }),
    erp: z
      .string()
      .nullable()
      .meta({ description: 'The value in the ERP, as a text.', examples: ['+31 30 7654321'] }),
    ...ConflictTexts.shape,
    since: At.optional().describe('Since when it waits.'),
  })
  .meta({ id: 'Conflict', description: 'A field of a link that waits for a decision.' });

const Resolution = z
  .union(
    [
      z.strictObject({ keep: Side.describe('The side whose value is kept.') }),
      z.strictObject({ value: Value.describe('Another value for both, in the form of the CRM.') }),
    ],
    { error: 'Must be {"keep": "crm" or "erp"}, or {"value": …} in the form of the CRM' },
  )
  .meta({ description: 'A side to keep, or a value of your own.' });

/** Which of the held fields, and the side that all of them keep. */
const Rule = z.strictObject({
  keep: Side.describe('The side that all of them keep.'),
  connectionId: Id.optional(),
  actorType: ActorTypeInAnyCase.optional(),
  erpField: FieldName.optional(),
  crmField: FieldName.optional(),
  reason: z.enum(heldReasons).optional().describe('Why they wait.'),
  cursor: CursorInBody,
});

export const conflictRoutes = [
  userList('listConflicts', {
    request: ListRequest.extend({
      query: Paging.extend({ connectionId: Id.optional(), linkId: Id.optional(), ...OfCrmRecord }),
    }),
    item: Conflict,
    touches: ({ query: { linkId, crmType, crmKey } }) => ({
      kind: 'list',
      of: { linkId, crmType, crmKey },
      beside: 'conflicts',
    }),
    async handle(app, { caller, query, page, named, language }) {
      const conflicts = await listConflicts(app, caller.tenantId, query, page, named);
      return conflictsWithTexts(app, caller.tenantId, conflicts, language);
    },
  }),
  route('resolveConflicts', {
    request: EmptyRequest.extend({ body: Rule }),
    answer: z.object({
      resolved: z.number().describe('How many.'),
      runIds: z.array(z.string()).describe('The runs that write them.'),
      refused: z
        .array(z.object({ id: z.string(), reason: z.string().describe('For people.') }))
        .describe('Conflicts that could not be resolved.'),
      nextCursor: NextInAnswer,
    }),
    async handle(app, { caller, cursors, body: { cursor: sealed, ...rule } }) {
      const from = sealed === undefined ? undefined : await cursors.unseal(sealed, 'cursor');
      const { cursor, ...answer } = await resolveConflicts(app, caller, rule, from);
      return { body: { ...answer, nextCursor: cursor === undefined ? undefined : await cursors.seal(cursor) } };
    },
  }),
  userRoute('resolveConflict', {
    request: EmptyRequest.extend({ params: z.strictObject({ id: FailureId }), body: Resolution }),
    answer: RunView,
    touches: ({ params: { id } }) => ({ kind: 'link', linkId: linkOfConflict(id), as: ['conflict', id] }),
    async handle(app, { caller, params, body }) {
      const run = await resolveConflict(app, caller, params.id, body);
      return { body: runView(run), location: `/v1/sync-runs/${run.id}` };
    },
  }),
];
