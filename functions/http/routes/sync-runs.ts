import { z } from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { FieldChange } from '../../core/model/field-change.ts';
import { Run, runKinds } from '../../core/model/run.ts';
import { listChanges, listRunChanges } from '../../features/change-log/list-changes.ts';
import { listRuns, readRun, runView } from '../../features/runs/run-view.ts';
import { triggerRun } from '../../features/runs/trigger-run.ts';
import { cancelRun } from '../../sync/runs/cancel-run.ts';
import { everyRole, list, route } from './application-routes.ts';
import { ById, FieldName, Id, Instant, RecordKey } from './common-schemas.ts';

const ActorTypeInBody = z.string().toLowerCase().pipe(ActorType);

const Scope = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('links'), linkIds: z.array(Id).min(1).max(100) }),
    z.strictObject({ kind: z.literal('crm-record'), crmType: CrmType, crmKey: RecordKey }),
    z.strictObject({
      kind: z.literal('erp-keys'),
      actorType: ActorTypeInBody,
      erpKeys: z.array(RecordKey).min(1).max(100),
    }),
    z.strictObject({ kind: z.literal('actor-type'), actorType: ActorTypeInBody }),
    z.strictObject({ kind: z.literal('connection') }),
  ],
  { error: 'Must be a scope of kind links, crm-record, erp-keys, actor-type or connection' },
);

const AskedRun = z.strictObject({
  kind: z.enum(runKinds, { error: 'In this version a run is of kind sync or compare' }),
  connectionId: Id.optional(),
  scope: Scope.default({ kind: 'connection' }),
  dryRun: z.boolean().default(false),
});

const RunView = Run.omit({ tenantId: true, latent: true, chains: true, interactive: true }).extend({
  detecting: z.boolean(),
});
const ChangeView = FieldChange.omit({ tenantId: true });

export const runRoutes = [
  route({
    method: 'POST',
    path: '/v1/sync-runs',
    roles: everyRole,
    body: AskedRun,
    answer: RunView,
    status: 202,
    async handle(app, { caller, body }) {
      const run = await triggerRun(app, caller, body);
      return { body: runView(run), location: `/v1/sync-runs/${run.id}` };
    },
  }),
  list({
    path: '/v1/sync-runs',
    roles: everyRole,
    query: z.strictObject({ connectionId: Id.optional() }),
    item: RunView,
    handle: (app, { caller, query, page }) => listRuns(app, caller.tenantId, query, page),
  }),
  route({
    method: 'GET',
    path: '/v1/sync-runs/{id}',
    roles: everyRole,
    params: ById,
    answer: RunView,
    handle: async (app, { caller, params }) => ({ body: await readRun(app, caller.tenantId, params.id) }),
  }),
  route({
    method: 'POST',
    path: '/v1/sync-runs/{id}/cancel',
    roles: everyRole,
    params: ById,
    answer: RunView,
    async handle(app, { caller, params }) {
      return { body: runView(await cancelRun(app, caller.tenantId, params.id)) };
    },
  }),
  list({
    path: '/v1/sync-runs/{id}/changes',
    roles: everyRole,
    params: ById,
    item: ChangeView,
    handle: (app, { caller, params, page }) => listRunChanges(app, caller.tenantId, params.id, page),
  }),
  list({
    path: '/v1/changes',
    roles: everyRole,
    query: z.strictObject({
      linkId: Id.optional(),
      connectionId: Id.optional(),
      runId: Id.optional(),
      crmType: CrmType.optional(),
      crmKey: RecordKey.optional(),
      field: FieldName.optional(),
      from: Instant.optional(),
      to: Instant.optional(),
    }),
    item: ChangeView,
    handle: (app, { caller, query, page }) => listChanges(app, caller.tenantId, query, page),
  }),
];
