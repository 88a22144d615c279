import * as z from 'zod';
import { Direction, FieldMapping } from '../../core/mapping/mapping.ts';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { Link, type LinkHead, LinkState, pairOf } from '../../core/model/link.ts';
import { NamesOfPair } from '../../core/model/record-names.ts';
import { Side } from '../../core/model/side.ts';
import { Value } from '../../core/values/value.ts';
import { connectLinks } from '../../features/links/connect-links.ts';
import { disconnectLink, readLink, restoreLink } from '../../features/links/link-life.ts';
import { listLinks } from '../../features/links/list-links.ts';
import { moveLink } from '../../features/links/move-link.ts';
import { previewLinks } from '../../features/links/preview-links.ts';
import { userList, userRoute } from '../application-routes.ts';
import { ActorTypeInAnyCase, FieldName, Id, RecordKey } from '../schemas/common.ts';
import { WithheldView } from '../schemas/connections.ts';
import { EmptyRequest, ListRequest, OfCrmRecord, Paging, RequestById } from '../schemas/requests.ts';

const Pair = z.strictObject({
  actorType: ActorTypeInAnyCase,
  erpKey: RecordKey.describe('Key of the ERP actor.'),
  crmType: CrmType.optional().describe('Follows from the actor type; sent, it is checked.'),
  crmKey: RecordKey.describe('Key of the CRM record.'),
});

const Choice = z
  .strictObject({
    erpField: FieldName,
    crmField: FieldName,
    keep: Side.describe('The side whose value is kept.'),
    fingerprint: z
      .string()
      .min(1)
      .max(64)
      .meta({
        description: 'Of the preview: covers both values that the choice was made on.',
        examples: ['q2VnR8sYt0uLw4bX'],
      }),
  })
  .meta({ id: 'Choice', description: 'Which side to keep of a field that differs.' });

const Preview = z.strictObject({
  connectionId: Id,
  pairs: z
    .array(Pair.extend({ linkId: Id.optional().describe('The link that is to be moved to this pair.') }))
    .min(1)
    .max(100)
    .describe('Which records go together.'),
});
const Move = z.strictObject({
  crmKey: RecordKey.optional().describe('The CRM record to move to; absent: the one that the merged record went to.'),
  erpKey: RecordKey.optional().describe('The ERP actor to move to; absent: the one that the merged actor went to.'),
  choices: z.array(Choice).max(100).optional(),
});
const Connect = z.strictObject({
  connectionId: Id,
  pairs: z
    .array(Pair.extend({ choices: z.array(Choice).max(100).optional() }))
    .min(1)
    .max(100)
    .describe('Which records go together.'),
});

const Refusal = z.object({
  reason: z.string().meta({ description: 'A stable word for why.', examples: ['crm-record-missing'] }),
  message: z.string().meta({ description: 'What happened, in a sentence.', examples: ['The CRM has no such record.'] }),
  remedy: z.string().meta({
    description: 'What to do, in a sentence.',
    examples: ['Look for it in the CRM and send the key of a record that is there.'],
  }),
  holder: z.string().optional().describe('The link that has one of the records.'),
  mergedInto: z.string().optional().describe('Key of the record that a merged one went to.'),
  explanation: z.string().optional().describe('The own words of the system.'),
});
const PairView = z.object({
  actorType: ActorType,
  erpKey: z.string().meta({ description: 'Key of the ERP actor.', examples: ['1042'] }),
  crmType: CrmType,
  crmKey: z.string().meta({ description: 'Key of the CRM record.', examples: ['317'] }),
});
const Shown = z.object({ value: Value, text: z.string().optional().describe('Of a list item, for people.') });

const NameView = z.object({
  now: z
    .string()
    .nullable()
    .meta({ description: 'As it is.', examples: ['Jan Jansen'] }),
  after: z
    .string()
    .nullable()
    .meta({ description: 'As it would be.', examples: ['Johan Jansen'] }),
});

const PreviewView = z.object({
  connectionId: z.string(),
  items: z.array(
    PairView.extend({
      refusal: Refusal.optional().describe('Why linking them would be refused as things are.'),
      names: z
        .object({ crm: NameView.optional(), erp: NameView.optional() })
        .optional()
        .describe('Names that consist of several fields, whole, as they are and as they would be.'),
      fields: z
        .array(
          z.object({
            erpField: z.string().meta({ examples: ['PHONE'] }),
            erpLabel: z.string().meta({ examples: ['Phone'] }),
            crmField: z.string().meta({ examples: ['phone'] }),
            crmLabel: z.string().meta({ examples: ['Phone'] }),
            direction: Direction,
            transform: FieldMapping.shape.transform,
            constant: FieldMapping.shape.constant,
            erp: Shown,
            crm: Shown,
            differs: z.boolean().describe('The two values do not mean the same.'),
            writes: Side.optional().describe('The side that would be written; absent: neither.'),
            result: Shown.optional().describe('What would be written there.'),
            rule: z.string().meta({ description: 'Why, as a stable word.', examples: ['first-sync-fills-blank'] }),
            decidedBy: z
              .string()
              .optional()
              .meta({ description: 'What decides where both have a value.', examples: ['crm-wins'] }),
            refusedBecause: z.string().optional().describe('Why the value cannot be written there.'),
            fingerprint: z.string().describe('Of both values: send it back with a choice.'),
          }),
        )
        .describe('Every field that is mapped.'),
    }),
  ),
});

const ConnectView = z.object({
  runId: z.string().describe('The run that brings the records into agreement.'),
  items: z
    .array(
      PairView.extend({
        result: z.enum(['connected', 'refused']).describe('Whether the pair was linked.'),
        linkId: z.string().optional().describe('The new link.'),
        state: LinkState.optional(),
        ...Refusal.partial().shape,
      }),
    )
    .describe('In the order of the pairs.'),
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
})
  .extend({
    ...PairView.shape,
    ...NamesOfPair.shape,
    withheld: WithheldView.optional().describe('Acts that the last look withheld.'),
  })
  .meta({ id: 'Link', description: 'A CRM record joined to an ERP actor.' });

const LeftOnSide = z.object({
  fields: z.number().int().describe('How many fields of the record the link wrote.'),
  replaced: z.number().int().describe('How many of its writes replaced a value: the log has each as `oldValue`.'),
  text: z.string().meta({
    description: 'In a sentence.',
    examples: ['The record in the ERP is left as it is: the link wrote nothing there.'],
  }),
});
const LeftView = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    ...PairView.shape,
    state: LinkState,
    left: z
      .object({ crm: LeftOnSide, erp: LeftOnSide })
      .describe('How each record is left, as far as the log is kept.'),
    more: z.literal(true).optional().describe('The link has a longer log than was counted.'),
    changes: z
      .string()
      .meta({ description: 'Where its log is.', examples: ['/v1/changes?linkId=01KB1Z6A4C8N1V5H9J2K7M3CNN'] }),
  })
  .meta({ id: 'DisconnectedLink', description: 'A link that was disconnected, and what it leaves behind.' });

const LinkAndRun = LinkView.extend({ runId: z.string().describe('The run over the link.') });

const LinkQuery = Paging.extend({
  connectionId: Id.optional(),
  state: LinkState.optional(),
  differing: z.literal('true').optional().describe('Only links with a field that both sides agreed to differ in.'),
  actorType: ActorTypeInAnyCase.optional(),
  erpKey: RecordKey.optional().describe('Needs `connectionId` and `actorType`.'),
  ...OfCrmRecord,
});

const WholeLink = LinkView.extend({
  fields: Link.shape.fieldStates.describe('What is remembered of each mapped field, by `erpField~crmField`.'),
}).meta({ id: 'WholeLink', description: 'A link with what is remembered of its fields.' });

function linkView(link: LinkHead) {
  return { ...link, ...pairOf(link), fields: link.fieldStates };
}

export const linkRoutes = [
  userRoute('previewLinks', {
    request: EmptyRequest.extend({ body: Preview }),
    answer: PreviewView,
    touches: ({ body }) => ({ kind: 'connection', connectionId: body.connectionId }),
    handle: async (app, { caller, body, language }) => ({
      body: await previewLinks(app, caller, body.connectionId, body.pairs, language),
    }),
  }),
  userRoute('connectLinks', {
    request: EmptyRequest.extend({ body: Connect }),
    answer: ConnectView,
    touches: ({ body }) => ({ kind: 'connection', connectionId: body.connectionId }),
    async handle(app, { caller, body }) {
      const connected = await connectLinks(app, caller, body.connectionId, body.pairs);
      return { body: connected, location: `/v1/sync-runs/${connected.runId}` };
    },
  }),
  userList('listLinks', {
    request: ListRequest.extend({ query: LinkQuery }),
    item: LinkView,
    touches: ({ query: { crmType, crmKey } }) => ({ kind: 'list', of: { crmType, crmKey } }),
    async handle(app, { caller, query, page, links }) {
      const { items, cursor } = await listLinks(
        app,
        caller.tenantId,
        { ...query, differing: query.differing === 'true' },
        page,
        links,
      );
      return { items: items.map(linkView), cursor };
    },
  }),
  userRoute('readLink', {
    request: RequestById,
    answer: WholeLink,
    touches: ({ params }) => ({ kind: 'link', linkId: params.id }),
    handle: async (app, { caller, params }) => ({ body: linkView(await readLink(app, caller.tenantId, params.id)) }),
  }),
  userRoute('disconnectLink', {
    request: RequestById,
    answer: LeftView,
    touches: ({ params }) => ({ kind: 'link', linkId: params.id }),
    handle: async (app, { caller, params }) => ({ body: await disconnectLink(app, caller.tenantId, params.id) }),
  }),
  userRoute('restoreLink', {
    request: RequestById,
    answer: LinkAndRun,
    touches: ({ params }) => ({ kind: 'link', linkId: params.id }),
    async handle(app, { caller, params }) {
      const { link, run } = await restoreLink(app, caller, params.id);
      return { body: { ...linkView(link), runId: run.id }, location: `/v1/sync-runs/${run.id}` };
    },
  }),
  userRoute('moveLink', {
    request: RequestById.extend({ body: Move }),
    answer: LinkAndRun,
    touches: ({ params }) => ({ kind: 'link', linkId: params.id }),
    async handle(app, { caller, params, body }) {
      const { link, run } = await moveLink(app, caller, params.id, body);
      return { body: { ...linkView(link), runId: run.id }, location: `/v1/sync-runs/${run.id}` };
    },
  }),
];
