import * as z from 'zod';
import { At } from '../../core/model/at.ts';
import { type EngineView, readEngine, saveEngine } from '../../features/engine/engine-switch.ts';
import { route } from '../application-routes.ts';
import { asRead } from '../schemas/as-read.ts';
import { IntervalMinutes } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Count = z.number().int();

const EngineAnswer = z
  .object({
    running: z.boolean().describe('The switch.'),
    status: z
      .enum(['running', 'stopped', 'nothing-active'])
      .describe('`nothing-active`: it is on, and no connection is active.'),
    changedAt: At.optional().describe('When it was last switched.'),
    defaultIntervalMinutes: IntervalMinutes,
    connections: z.object({ active: Count, inactive: Count, suspended: Count }).describe('How many there are.'),
  })
  .meta({ id: 'Engine', description: 'The switch of all synchronisation of the tenant.' });

const EngineSettings = z.strictObject({
  running: z.boolean(),
  defaultIntervalMinutes: IntervalMinutes.describe(
    'How often connections without an interval of their own are polled.',
  ),
  ...asRead('status', 'changedAt', 'connections'),
});

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
