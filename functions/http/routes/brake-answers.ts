import * as z from 'zod';
import { ActKind, type BrakeAnswer } from '../../core/model/brake.ts';
import { answerBrake } from '../../features/runs/answer-brake.ts';
import { runView } from '../../features/runs/run-view.ts';
import { route } from '../application-routes.ts';
import { RequestById } from '../schemas/requests.ts';
import { RunView } from './sync-runs.ts';

/** `kinds`: of the brakes that stopped the run; without it all of them have the same answer. */
const Which = z.strictObject({ kinds: z.array(ActKind).min(1).max(10).optional() }).default({});

function answering(id: 'continueRun' | 'dropRun', answer: BrakeAnswer['kind']) {
  return route(id, {
    request: RequestById.extend({ body: Which }),
    answer: RunView,
    async handle(app, { caller: { tenantId, caller }, params, body: { kinds } }) {
      const run = await answerBrake(app, { tenantId, caller, runId: params.id, answer, kinds });
      return { body: runView(run), location: `/v1/sync-runs/${run.id}` };
    },
  });
}

/** Both answer with the run that carries the answer out. */
export const brakeAnswerRoutes = [answering('continueRun', 'continue'), answering('dropRun', 'drop')];
