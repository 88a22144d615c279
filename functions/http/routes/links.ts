import * as z from 'zod';
import { Direction } from '../../core/mapping/mapping.ts';
import { Transform } from '../../core/mapping/transform.ts';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { Link, type LinkHead, LinkState, pairOf } from '../../core/model/link.ts';
import { Side } from '../../core/model/side.ts';
import { Value } from '../../core/values/value.ts';
import { connectLinks } from '../../features/links/connect-links.ts';
import { disconnectLink, readLink, restoreLink } from '../../features/links/link-life.ts';
import { listLinks } from '../../features/links/list-links.ts';
import { moveLink } from '../../features/links/move-link.ts';
import { previewLinks } from '../../features/links/preview-links.ts';
import { list, route } from '../application-routes.ts';
import { FieldName, Id, RecordKey } from '../schemas/common.ts';
import { WithheldView } from '../schemas/connections.ts';
import { EmptyRequest, ListRequest, Paging, RequestById } from '../schemas/requests.ts';

const Pair = z.strictObject({
  actorType: z.string().toLowerCase().pipe(ActorType),
  erpKey: RecordKey,
  crmType: CrmType.optional(),
  crmKey: RecordKey,
});

const Choice = z.strictObject({
  erpField: FieldName,
  crmField: FieldName,
  keep: Side,
  /** Of the preview: covers both values that the choice was made on. */
  fingerprint: z.string().min(1).max(64),
});

const Preview = z.strictObject({
  connectionId: Id,
  pairs: z
    /** `linkId`: the link that is to be moved to this pair. */
    .array(Pair.extend({ linkId: Id.optional() }))
    .min(1)
    .max(100),
});
const Move = z.strictObject({
  /** The record to move to; absent = the one that the merged record went to. */
  crmKey: RecordKey.optional(),
  erpKey: RecordKey.optional(),
  choices: z.array(Choice).max(100).optional(),
});
const Connect = z.strictObject({
  connectionId: Id,
  pairs: z
    .array(Pair.extend({ choices: z.array(Choice).max(100).optional() }))
    .min(1)
    .max(100),
});

const Refusal = z.object({
  reason: z.string(),
  holder: z.string().optional(),
  mergedInto: z.string().optional(),
  explanation: z.string().optional(),
});
const PairView = z.object({ actorType: ActorType, erpKey: z.string(), crmType: CrmType, crmKey: z.string() });
const Shown = z.object({ value: Value, text: z.string().optional() });

/** What the mapping makes of the value on its way. */
const whatMakesIt = { transform: Transform.optional(), constant: Value.optional() };

const NameView = z.object({ now: z.string().nullable(), after: z.string().nullable() });

const PreviewView = z.object({
  connectionId: z.string(),
  items: z.array(
    PairView.extend({
      /** Why connecting would be refused as things are. */
      refusal: Refusal.optional(),
      /** Names of several fields, whole, as they are and would be. */
      names: z.object({ crm: NameView.optional(), erp: NameView.optional() }).optional(),
      fields: z.array(
        z.object({
          erpField: z.string(),
          erpLabel: z.string(),
          crmField: z.string(),
          crmLabel: z.string(),
          direction: Direction,
          ...whatMakesIt,
          erp: Shown,
          crm: Shown,
          differs: z.boolean(),
          /** The side that would be written, with what. */
          writes: Side.optional(),
          result: Shown.optional(),
          rule: z.string(),
          decidedBy: z.string().optional(),
          refusedBecause: z.string().optional(),
          fingerprint: z.string(),
        }),
      ),
    }),
  ),
});

const ConnectView = z.object({
  runId: z.string(),
  items: z.array(
    PairView.extend({
      result: z.enum(['connected', 'refused']),
      linkId: z.string().optional(),
      state: LinkState.optional(),
      reason: z.string().optional(),
      holder: z.string().optional(),
      mergedInto: z.string().optional(),
      explanation: z.string().optional(),
    }),
  ),
});

const LinkView = Link.pick({
  erasedAt: true,
  id: true,
  connectionId: true,
  state: true,
  stateReason: true,
  mergedInto: true,
  openFailures: true,
  createdAt: true,
  createdBy: true,
  lastSyncedAt: true,
}).extend({ ...PairView.shape, withheld: WithheldView.optional() });

const LinkQuery = Paging.extend({
  connectionId: Id.optional(),
  state: LinkState.optional(),
  /** Only links with a field that is agreed to differ. */
  differing: z.literal('true').optional(),
  actorType: z.string().toLowerCase().pipe(ActorType).optional(),
  erpKey: RecordKey.optional(),
  crmType: CrmType.optional(),
  crmKey: RecordKey.optional(),
});

/** One link, with what is remembered of each field: keyed by ERP and CRM field, `erp~crm`. */
const WholeLink = LinkView.extend({ fields: Link.shape.fieldStates });

function linkView(link: LinkHead) {
  return { ...link, ...pairOf(link), fields: link.fieldStates };
}

export const linkRoutes = [
  route('previewLinks', {
    request: EmptyRequest.extend({ body: Preview }),
    answer: PreviewView,
    handle: async (app, { caller, body }) => ({
      body: await previewLinks(app, caller.tenantId, body.connectionId, body.pairs),
    }),
  }),
  route('connectLinks', {
    request: EmptyRequest.extend({ body: Connect }),
    answer: ConnectView,
    async handle(app, { caller, body }) {
      const connected = await connectLinks(app, caller, body.connectionId, body.pairs);
      return { body: connected, location: `/v1/sync-runs/${connected.runId}` };
    },
  }),
  list('listLinks', {
    request: ListRequest.extend({ query: LinkQuery }),
    item: LinkView,
    async handle(app, { caller, query, page }) {
      const { items, cursor } = await listLinks(
        app,
        caller.tenantId,
        { ...query, differing: query.differing === 'true' },
        page,
      );
      return { items: items.map(linkView), cursor };
    },
  }),
  route('readLink', {
    request: RequestById,
    answer: WholeLink,
    handle: async (app, { caller, params }) => ({ body: linkView(await readLink(app, caller.tenantId, params.id)) }),
  }),
  route('disconnectLink', {
    request: RequestById,
    async handle(app, { caller, params }) {
      await disconnectLink(app, caller.tenantId, params.id);
      return {};
    },
  }),
  route('restoreLink', {
    request: RequestById,
    answer: LinkView.extend({ runId: z.string() }),
    async handle(app, { caller, params }) {
      const { link, run } = await restoreLink(app, caller, params.id);
      return { body: { ...linkView(link), runId: run.id }, location: `/v1/sync-runs/${run.id}` };
    },
  }),
  route('moveLink', {
    request: RequestById.extend({ body: Move }),
    answer: LinkView.extend({ runId: z.string() }),
    async handle(app, { caller, params, body }) {
      const { link, run } = await moveLink(app, caller, params.id, body);
      return { body: { ...linkView(link), runId: run.id }, location: `/v1/sync-runs/${run.id}` };
    },
  }),
];
