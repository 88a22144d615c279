import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { At } from '../../core/model/at.ts';
import { ActKind, Allowance } from '../../core/model/brake.ts';
import { Connection, Suspension } from '../../core/model/connection.ts';
import { SetAside } from '../../core/model/connection-setup.ts';
import { linkStates } from '../../core/model/link.ts';
import { summariseConnection } from '../../features/connections/connection-summary.ts';
import { route } from '../application-routes.ts';
import { BrakeView, DriftView } from '../schemas/connections.ts';
import { RequestById } from '../schemas/requests.ts';

const Summary = z.object({
  connectionId: z.string(),
  state: Connection.shape.state,
  active: z.boolean().describe('It is polled, and its links are kept in agreement.'),
  suspension: Suspension.optional(),
  brakes: z.array(BrakeView),
  drift: DriftView,
  allowances: z
    .record(
      ActKind,
      Allowance.extend({ aDay: z.number().int().describe('What it comes to with the links that there are now.') }),
    )
    .describe('Of every kind of act, set or standard.'),
  lastSyncAt: At.optional().describe('When a run of it last ended.'),
  lastPolledAt: At.optional(),
  sweep: z
    .object({
      begunAt: At,
      complete: z.boolean().describe('It has gone through all links.'),
      asked: z.number().describe('Links whose records were asked for.'),
      notFound: z.number().describe('Links of which a record was not found.'),
      unanswered: z.number().describe('Links of which a system said nothing.'),
    })
    .optional()
    .describe('The last search for deleted records, or the one under way.'),
  actorTypes: z
    .array(
      z.object({
        actorType: ActorType,
        crmType: CrmType,
        active: z.boolean(),
        suspended: SetAside.optional(),
        mappedFields: z.number(),
        links: z.record(z.enum(linkStates), z.number()).describe('Links by state.'),
        failures: z.number().describe('Links with an open failure.'),
        held: z.number().describe('Links with a field that waits for a person.'),
        withheld: z.record(ActKind, z.number()).describe('Links of which an act is withheld.'),
      }),
    )
    .describe('Of each type that is offered.'),
});

export const connectionSummaryRoutes = [
  route('summariseConnection', {
    request: RequestById,
    answer: Summary,
    handle: async (app, { caller, params }) => ({ body: await summariseConnection(app, caller.tenantId, params.id) }),
  }),
];
