import * as z from 'zod';
import type { FieldFault } from '../../core/errors.ts';
import { CrmType } from '../../core/model/actor-type.ts';
import { Run, runKinds } from '../../core/model/run.ts';
import { Side } from '../../core/model/side.ts';
import type { Application } from '../../features/application.ts';
import { runFaults, scopeKinds } from '../../features/runs/run-faults.ts';
import { cancelAsked, listRuns, readRun, runView } from '../../features/runs/run-view.ts';
import { triggerRun } from '../../features/runs/trigger-run.ts';
import { list, route, userRoute } from '../application-routes.ts';
import { ChangeView } from '../schemas/changes.ts';
import { ActorTypeInAnyCase, Id, RecordKey } from '../schemas/common.ts';
import { EmptyRequest, ListRequest, Paging, RequestById } from '../schemas/requests.ts';

const Scope = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({ kind: z.literal('links'), linkIds: z.array(Id).min(1).max(100).describe('Which links.') })
      .meta({ id: 'NamedLinks', description: 'These links.' }),
    z.strictObject({ kind: z.literal('crm-record'), crmType: CrmType, crmKey: RecordKey }).meta({
      id: 'LinksOfCrmRecord',
      description: 'The links of a CRM record; of all connections unless one is named.',
    }),
    z
      .strictObject({
        kind: z.literal('erp-keys'),
        actorType: ActorTypeInAnyCase,
        erpKeys: z.array(RecordKey).min(1).max(100),
      })
      .meta({ id: 'LinksOfErpKeys', description: 'The links of these actors of the connection.' }),
    z
      .strictObject({ kind: z.literal('actor-type'), actorType: ActorTypeInAnyCase })
      .meta({ id: 'LinksOfActorType', description: 'All of a type of the connection.' }),
    z
      .strictObject({ kind: z.literal('connection') })
      .meta({ id: 'LinksOfConnection', description: 'All of the connection.' }),
    z
      .strictObject({ kind: z.literal('all') })
      .meta({ id: 'AllLinks', description: 'All of every active connection: a run over all, with one of each.' }),
  ],
  {
    error:
      'Must be a scope of kind connection, all, actor-type (with actorType), links (with linkIds), crm-record (with crmType and crmKey) or erp-keys (with actorType and erpKeys)',
  },
);

const AskedRun = z.strictObject({
  kind: z
    .enum(runKinds)
    .describe(
      '`sync`: what has changed since the last one. `compare`: every link in the scope. `sweep`: looks for records that were deleted. `resync-from-crm`, `resync-from-erp`: the values of that side replace those of the other.',
    ),
  connectionId: Id.optional().describe('May be left out where the scope names links or a CRM record.'),
  scope: Scope.default({ kind: 'connection' }).describe('What the run covers.'),
  dryRun: z.boolean().default(false).describe('Write nothing: what would be written is in the changes of the run.'),
  noBlanks: z.boolean().default(false).describe('Of a resync: a blank replaces no value.'),
  toOthers: z
    .boolean()
    .default(false)
    .describe('Of a resync from the ERP: from the CRM on to the other connections of each record.'),
  force: z.boolean().default(false).describe('Although the engine is stopped.'),
});

/** What decides what a run needs, as far as it was sent in its form. */
const SentRun = z.object({
  kind: z.enum(runKinds).optional().catch(undefined),
  connectionId: z.unknown().optional(),
  scope: z
    .object({ kind: z.enum(scopeKinds) })
    .default({ kind: 'connection' })
    .optional()
    .catch(undefined),
  dryRun: z.boolean().optional().catch(undefined),
  noBlanks: z.boolean().optional().catch(undefined),
  toOthers: z.boolean().optional().catch(undefined),
});

function faults(_app: Application, body: unknown): FieldFault[] {
  const sent = SentRun.safeParse(body);
  return sent.success ? runFaults(sent.data) : [];
}

export const RunView = Run.omit({
  tenantId: true,
  latent: true,
  chains: true,
  interactive: true,
  out: true,
  unsent: true,
  tallies: true,
})
  .extend({
    detecting: z.boolean().describe('It still looks for links to look at: counters and `open` may grow.'),
  })
  .meta({ id: 'SyncRun', description: 'A run, as it stands.' });

const FieldOfProposal = z.object({
  erpField: z.string().meta({ examples: ['PHONE'] }),
  crmField: z.string().meta({ examples: ['phone'] }),
  records: z.number().describe('Of how many records.'),
});

/** With what a proposed mapping would do. */
const RunWithPlan = RunView.extend({
  planned: z
    .object({
      records: z.object({ crm: z.number(), erp: z.number() }).describe('How many would be written, by side.'),
      wouldPause: z.number().describe('Links that would be paused, as of records outside the filter.'),
      wouldResume: z.number().describe('Links that are paused and would go on.'),
      fields: z
        .array(
          FieldOfProposal.extend({
            side: Side.describe('The side that would be written.'),
            examples: z.array(ChangeView).describe('Some of the changes.'),
          }),
        )
        .describe('Every field that would be written.'),
      refused: z
        .array(
          FieldOfProposal.extend({
            reason: z.string().meta({ description: 'Why, as a stable word.', examples: ['too-long'] }),
          }),
        )
        .describe('Fields that could not be written.'),
    })
    .optional()
    .describe('Of a dry run of a mapping: what that would do.'),
});

export const syncRunRoutes = [
  userRoute('triggerRun', {
    request: EmptyRequest.extend({ body: AskedRun }),
    faults,
    answer: RunView,
    touches: ({ body }) => ({ kind: 'new-run', asked: body }),
    async handle(app, { caller, body, links }) {
      const run = await triggerRun(app, caller, body, links);
      return { body: runView(run), location: `/v1/sync-runs/${run.id}` };
    },
  }),
  list('listRuns', {
    request: ListRequest.extend({ query: Paging.extend({ connectionId: Id.optional() }) }),
    item: RunView,
    handle: (app, { caller, query, page }) => listRuns(app, caller.tenantId, query, page),
  }),
  userRoute('readRun', {
    request: RequestById,
    answer: RunWithPlan,
    touches: ({ params }) => ({ kind: 'run', runId: params.id }),
    handle: async (app, { caller, params, run }) => ({ body: await readRun(app, caller.tenantId, params.id, run) }),
  }),
  route('cancelRun', {
    request: RequestById,
    answer: RunView,
    async handle(app, { caller, params }) {
      return { body: await cancelAsked(app, caller.tenantId, params.id) };
    },
  }),
];
