import * as z from 'zod';
import { fieldSituations } from '../../core/explain/field-situation.ts';
import { Direction } from '../../core/mapping/mapping.ts';
import { Transform } from '../../core/mapping/transform.ts';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { SyncErrorKind } from '../../core/model/failure.ts';
import { FieldChange } from '../../core/model/field-change.ts';
import { Link } from '../../core/model/link.ts';
import { Run } from '../../core/model/run.ts';
import { Side } from '../../core/model/side.ts';
import { Value } from '../../core/values/value.ts';
import { explainLink } from '../../features/links/explain-link.ts';
import { route } from '../application-routes.ts';
import { RequestById } from '../schemas/requests.ts';

/** The value is the beginning of a longer one. */
const cut = z.literal(true).optional();

const Shown = z.object({ value: Value, text: z.string().optional(), cut });

const SideView = z.object({
  type: z.string(),
  key: z.string(),
  /** live, archived or merged; absent where the record could not be read. */
  standing: z.string().optional(),
  /** Why this side shows no values. */
  trouble: z
    .object({
      reason: z.union([SyncErrorKind, z.literal('left-alone')]),
      message: z.string(),
      explanation: z.string().optional(),
    })
    .optional(),
});

const LastChange = FieldChange.pick({
  erased: true,
  at: true,
  rule: true,
  side: true,
  oldValue: true,
  newValue: true,
  sentValue: true,
  outcome: true,
  conflict: true,
  mappingVersion: true,
  runId: true,
}).extend({
  text: z.string().optional(),
  /** One of its values is. */
  cut,
  /** Where the value came from. */
  source: z.union([Side, z.literal('person')]),
  /** Absent once the run is no longer kept. */
  run: Run.pick({ kind: true, trigger: true }).optional(),
});

const Unchanged = z.object({
  text: z.string(),
  connectedAt: z.string(),
  connectedBy: z.string(),
  choice: z.object({ keep: Side, resolves: z.boolean() }).optional(),
});

const FieldView = z.object({
  erpField: z.string(),
  erpLabel: z.string(),
  crmField: z.string(),
  crmLabel: z.string(),
  direction: Direction,
  enforce: z.boolean().optional(),
  noBlanks: z.boolean().optional(),
  transform: Transform.optional(),
  constant: Value.optional(),
  /** As the systems hold it now; absent where that side could not be read. */
  crm: Shown.optional(),
  erp: Shown.optional(),
  lastAgreed: z.object({ crm: Shown, erp: Shown }).optional(),
  /** The other connection whose value stands in the CRM now. */
  crmValueOf: z.string().optional(),
  state: z.enum(fieldSituations),
  reason: z.string(),
  /** What the next look would write. */
  next: Shown.extend({ side: Side, rule: z.string() }).optional(),
  conflictId: z.string().optional(),
  failureId: z.string().optional(),
  /** The words of the system that refused it. */
  explanation: z.string().optional(),
  why: z.union([z.object({ change: LastChange }), z.object({ unchanged: Unchanged })]),
});

const LinkFields = Link.pick({
  connectionId: true,
  state: true,
  stateReason: true,
  lastSyncedAt: true,
  erasedAt: true,
}).extend({
  linkId: z.string(),
  actorType: ActorType,
  erpKey: z.string(),
  crmType: CrmType,
  crmKey: z.string(),
  /** Why nothing of the link is written now. */
  notSynced: z.string().optional(),
  failure: z.object({ id: z.string(), reason: z.string(), explanation: z.string().optional() }).optional(),
  sides: z.object({ crm: SideView, erp: SideView }),
  fields: z.array(FieldView),
});

export const linkFieldRoutes = [
  route('explainLink', {
    request: RequestById,
    answer: LinkFields,
    handle: async (app, { caller, params }) => ({ body: await explainLink(app, caller.tenantId, params.id) }),
  }),
];
