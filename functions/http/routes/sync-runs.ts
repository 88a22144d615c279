import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { Run, runKinds } from '../../core/model/run.ts';
import { cancelAsked, listRuns, readRun, runView } from '../../features/runs/run-view.ts';
import { triggerRun } from '../../features/runs/trigger-run.ts';
import { list, route } from '../application-routes.ts';
import { Id, RecordKey } from '../schemas/common.ts';
import { EmptyRequest, ListRequest, Paging, RequestById } from '../schemas/requests.ts';

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
    z.strictObject({ kind: z.literal('all') }),
  ],
  { error: 'Must be a scope of kind links, crm-record, erp-keys, actor-type, connection or all' },
);

const AskedRun = z.strictObject({
  kind: z.enum(runKinds, {
    error: 'In this version a run is of kind sync, compare, sweep, resync-from-crm or resync-from-erp',
  }),
  connectionId: Id.optional(),
  scope: Scope.default({ kind: 'connection' }),
  dryRun: z.boolean().default(false),
  noBlanks: z.boolean().default(false),
  toOthers: z.boolean().default(false),
  force: z.boolean().default(false),
});

export const RunView = Run.omit({
  tenantId: true,
  latent: true,
  chains: true,
  interactive: true,
  out: true,
  unsent: true,
}).extend({
  detecting: z.boolean(),
});

export const syncRunRoutes = [
  route('triggerRun', {
    request: EmptyRequest.extend({ body: AskedRun }),
    answer: RunView,
    async handle(app, { caller, body }) {
      const run = await triggerRun(app, caller, body);
      return { body: runView(run), location: `/v1/sync-runs/${run.id}` };
    },
  }),
  list('listRuns', {
    request: ListRequest.extend({ query: Paging.extend({ connectionId: Id.optional() }) }),
    item: RunView,
    handle: (app, { caller, query, page }) => listRuns(app, caller.tenantId, query, page),
  }),
  route('readRun', {
    request: RequestById,
    answer: RunView,
    handle: async (app, { caller, params }) => ({ body: await readRun(app, caller.tenantId, params.id) }),
  }),
  route('cancelRun', {
    request: RequestById,
    answer: RunView,
    async handle(app, { caller, params }) {
      return { body: await cancelAsked(app, caller.tenantId, params.id) };
    },
  }),
];
