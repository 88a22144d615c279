import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { BothForms, heldReasons } from '../../core/model/link.ts';
import { Side } from '../../core/model/side.ts';
import { Value } from '../../core/values/value.ts';
import { listConflicts } from '../../features/conflicts/list-conflicts.ts';
import { resolveConflict } from '../../features/conflicts/resolve-conflict.ts';
import { resolveConflicts } from '../../features/conflicts/resolve-conflicts.ts';
import { runView } from '../../features/runs/run-view.ts';
import { list, route } from '../application-routes.ts';
import { ActorTypeInPath, FieldName, Id } from '../schemas/common.ts';
import { CursorInBody, EmptyRequest, ListRequest, Paging } from '../schemas/requests.ts';
import { FailureId } from './failures.ts';
import { RunView } from './sync-runs.ts';

const Conflict = z.object({
  id: z.string(),
  connectionId: z.string(),
  linkId: z.string(),
  crmType: CrmType,
  crmKey: z.string(),
  actorType: ActorType,
  erpKey: z.string(),
  erpField: z.string(),
  crmField: z.string(),
  /** Why it waits for a person: asked, choice-void, decision-refused, reformatted-in-turn or dropped. */
  reason: z.string(),
  /** Last agreed, in both forms. */
  base: BothForms.optional(),
  crm: z.string().nullable(),
  erp: z.string().nullable(),
  since: z.string().optional(),
});

const Resolution = z.union([z.strictObject({ keep: Side }), z.strictObject({ value: Value })], {
  error: 'Must be {"keep": "crm" or "erp"}, or {"value": …} in the form of the CRM',
});

/** Which of the held fields, and the side that all of them keep. */
const Rule = z.strictObject({
  keep: Side,
  connectionId: Id.optional(),
  actorType: ActorTypeInPath.optional(),
  erpField: FieldName.optional(),
  crmField: FieldName.optional(),
  reason: z.enum(heldReasons).optional(),
  cursor: CursorInBody,
});

export const conflictRoutes = [
  list('listConflicts', {
    request: ListRequest.extend({ query: Paging.extend({ connectionId: Id.optional() }) }),
    item: Conflict,
    handle: (app, { caller, query, page }) => listConflicts(app, caller.tenantId, query, page),
  }),
  route('resolveConflicts', {
    request: EmptyRequest.extend({ body: Rule }),
    answer: z.object({
      resolved: z.number(),
      runIds: z.array(z.string()),
      refused: z.array(z.object({ id: z.string(), reason: z.string() })),
      nextCursor: z.string().optional(),
    }),
    async handle(app, { caller, cursors, body: { cursor: sealed, ...rule } }) {
      const from = sealed === undefined ? undefined : await cursors.unseal(sealed, 'cursor');
      const { cursor, ...answer } = await resolveConflicts(app, caller, rule, from);
      return { body: { ...answer, nextCursor: cursor === undefined ? undefined : await cursors.seal(cursor) } };
    },
  }),
  route('resolveConflict', {
    request: EmptyRequest.extend({ params: z.strictObject({ id: FailureId }), body: Resolution }),
    answer: RunView,
    async handle(app, { caller, params, body }) {
      const run = await resolveConflict(app, caller, params.id, body);
      return { body: runView(run), location: `/v1/sync-runs/${run.id}` };
    },
  }),
];
