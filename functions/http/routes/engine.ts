import * as z from 'zod';
import { type EngineView, readEngine, saveEngine } from '../../features/engine/engine-switch.ts';
import { route } from '../application-routes.ts';
import { IntervalMinutes } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Count = z.number().int();

const EngineAnswer = z.object({
  running: z.boolean(),
  status: z.enum(['running', 'stopped', 'nothing-active']),
  changedAt: z.string().optional(),
  defaultIntervalMinutes: IntervalMinutes,
  connections: z.object({ active: Count, inactive: Count, suspended: Count }),
});

const EngineSettings = z.strictObject({ running: z.boolean(), defaultIntervalMinutes: IntervalMinutes });

function reply({ revision, ...body }: EngineView) {
  return { body, revision };
}

export const engineRoutes = [
  route('readEngine', {
    request: EmptyRequest,
    answer: EngineAnswer,
    handle: async (app, { caller }) => reply(await readEngine(app, caller.tenantId)),
  }),
  route('saveEngine', {
    request: EmptyRequest.extend({ body: EngineSettings }),
    answer: EngineAnswer,
    handle: async (app, { caller, ifMatch, body }) => reply(await saveEngine(app, caller, ifMatch, body)),
  }),
];
