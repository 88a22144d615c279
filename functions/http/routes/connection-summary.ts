import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { ActKind, Allowance } from '../../core/model/brake.ts';
import { connectionStates } from '../../core/model/connection.ts';
import { SetAside } from '../../core/model/connection-setup.ts';
import { linkStates } from '../../core/model/link.ts';
import { summariseConnection } from '../../features/connections/connection-summary.ts';
import { route } from '../application-routes.ts';
import { BrakeView } from '../schemas/connections.ts';
import { RequestById } from '../schemas/requests.ts';

const Summary = z.object({
  connectionId: z.string(),
  state: z.enum(connectionStates),
  active: z.boolean(),
  suspension: z.object({ kind: z.string(), at: z.string() }).optional(),
  brakes: z.array(BrakeView),
  /** Of every kind of act, set or standard; `aDay`: what it comes to with the links that there are now. */
  allowances: z.record(ActKind, Allowance.extend({ aDay: z.number().int() })),
  lastSyncAt: z.string().optional(),
  lastPolledAt: z.string().optional(),
  /** The last sweep, or the one under way; in links. */
  sweep: z
    .object({
      begunAt: z.string(),
      complete: z.boolean(),
      asked: z.number(),
      notFound: z.number(),
      unanswered: z.number(),
    })
    .optional(),
  actorTypes: z.array(
    z.object({
      actorType: ActorType,
      crmType: CrmType,
      active: z.boolean(),
      suspended: SetAside.optional(),
      mappedFields: z.number(),
      links: z.record(z.enum(linkStates), z.number()),
      failures: z.number(),
      held: z.number(),
      withheld: z.record(ActKind, z.number()),
    }),
  ),
});

export const connectionSummaryRoutes = [
  route('summariseConnection', {
    request: RequestById,
    answer: Summary,
    handle: async (app, { caller, params }) => ({ body: await summariseConnection(app, caller.tenantId, params.id) }),
  }),
];
