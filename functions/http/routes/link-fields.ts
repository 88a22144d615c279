import * as z from 'zod';
import { fieldSituations } from '../../core/explain/field-situation.ts';
import { Direction, FieldMapping } from '../../core/mapping/mapping.ts';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { At } from '../../core/model/at.ts';
import { Link } from '../../core/model/link.ts';
import { NamesOfPair } from '../../core/model/record-names.ts';
import { Run } from '../../core/model/run.ts';
import { Side } from '../../core/model/side.ts';
import { Value } from '../../core/values/value.ts';
import { found } from '../../features/found.ts';
import { explainLink } from '../../features/links/explain-link.ts';
import { readLinkToExplain } from '../../features/links/link-to-explain.ts';
import { readingRoute } from '../application-routes.ts';
import { ChangeView } from '../schemas/changes.ts';
import { RequestById } from '../schemas/requests.ts';
import { SideTrouble } from '../schemas/side-trouble.ts';

const cut = z.literal(true).optional().describe('A value here is the beginning of a longer one.');

const Shown = z.object({ value: Value, text: z.string().optional().describe('Of a list item, for people.'), cut });

const SideView = z.object({
  type: z.string().meta({ examples: ['company'] }),
  key: z.string().meta({ examples: ['317'] }),
  standing: z
    .string()
    .optional()
    .meta({ description: '`live`, `archived` or `merged`; absent where it could not be read.', examples: ['live'] }),
  trouble: SideTrouble.optional(),
});

const LastChange = ChangeView.pick({
  erased: true,
  at: true,
  rule: true,
  side: true,
  oldValue: true,
  newValue: true,
  sentValue: true,
  oldText: true,
  newText: true,
  sentText: true,
  outcome: true,
  conflict: true,
  mappingVersion: true,
  runId: true,
}).extend({
  text: z.string().optional().describe('What happened, in a sentence.'),
  cut,
  source: z.union([Side, z.literal('person')]).describe('Where the value came from.'),
  run: Run.pick({ kind: true, trigger: true }).optional().describe('Absent once the run is no longer kept.'),
});

const Unchanged = z.object({
  text: z.string().describe('What there is to say, in a sentence.'),
  connectedAt: At,
  connectedBy: z.string().describe('The API key that linked the records.'),
  choice: z
    .object({ keep: Side, resolves: z.boolean().describe('Made later, on a conflict.') })
    .optional()
    .describe('What a person chose to keep.'),
});

const FieldView = z.object({
  erpField: z.string().meta({ examples: ['PHONE'] }),
  erpLabel: z.string().meta({ examples: ['Phone'] }),
  crmField: z.string().meta({ examples: ['phone'] }),
  crmLabel: z.string().meta({ examples: ['Phone'] }),
  direction: Direction,
  enforce: FieldMapping.shape.enforce,
  noBlanks: FieldMapping.shape.noBlanks,
  transform: FieldMapping.shape.transform,
  constant: FieldMapping.shape.constant,
  crm: Shown.optional().describe('As the CRM holds it now; absent where it could not be read.'),
  erp: Shown.optional().describe('As the ERP holds it now; absent where it could not be read.'),
  lastAgreed: z.object({ crm: Shown, erp: Shown }).optional().describe('What both last agreed on, in both forms.'),
  crmValueOf: z.string().optional().describe('The other connection whose value stands in the CRM now.'),
  state: z
    .enum(fieldSituations)
    .describe(
      '`waiting`: for the next look. `held`: for a person. `parked`: refused. `left-alone`: the mapping lets nothing travel that way.',
    ),
  reason: z.string().meta({ description: 'The state in a sentence.', examples: ['Both sides agree.'] }),
  next: Shown.extend({ side: Side, rule: z.string().describe('Why, as a stable word.') })
    .optional()
    .describe('What the next look would write, and by which rule.'),
  conflictId: z.string().optional().describe('What to resolve.'),
  failureId: z.string().optional().describe('What to retry.'),
  explanation: z.string().optional().describe('The own words of the system that refused it.'),
  why: z
    .union([
      z.object({ change: LastChange.describe('The change that brought the value.') }),
      z.object({ unchanged: Unchanged.describe('Nothing was ever written.') }),
    ])
    .describe('The last change of the field, or that there was none.'),
});

const LinkFields = Link.pick({
  connectionId: true,
  state: true,
  stateReason: true,
  lastSyncedAt: true,
  erasedAt: true,
})
  .extend({
    linkId: z.string(),
    actorType: ActorType,
    erpKey: z.string().meta({ examples: ['1042'] }),
    crmType: CrmType,
    crmKey: z.string().meta({ examples: ['317'] }),
    ...NamesOfPair.shape,
    notSynced: z.string().optional().describe('Why nothing of the link is written now, in a sentence.'),
    failure: z
      .object({
        id: z.string(),
        reason: z.string().meta({ description: 'A stable word for why.', examples: ['fields-left-alone'] }),
        explanation: z.string().optional().describe('The own words of the system.'),
      })
      .optional()
      .describe('The open failure of the link.'),
    sides: z.object({ crm: SideView, erp: SideView }).describe('How both records stand.'),
    fields: z.array(FieldView).describe('Every field that is mapped.'),
  })
  .meta({ id: 'ExplainedLink', description: 'Every mapped field of a link, on both sides, and why it is as it is.' });

export const linkFieldRoutes = [
  readingRoute('explainLink', {
    request: RequestById,
    answer: LinkFields,
    reads: (app, { caller, params }) => readLinkToExplain(app, caller.tenantId, params.id),
    touches: ({ params }, read) => ({
      kind: 'read-link',
      linkId: params.id,
      link: read?.link,
      connection: read?.stored.setup?.connection,
      tenant: read?.stored.tenant,
    }),
    handle: async (app, { caller, params, language }, read) => ({
      body: await explainLink(app, caller, found(read, 'link', params.id), language),
    }),
  }),
];
