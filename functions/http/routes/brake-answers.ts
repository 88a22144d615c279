import type { BrakeAnswer } from '../../core/model/brake.ts';
import { answerBrake } from '../../features/runs/answer-brake.ts';
import { runView } from '../../features/runs/run-view.ts';
import { route } from '../application-routes.ts';
import { RequestById } from '../schemas/requests.ts';
import { RunView } from './sync-runs.ts';

function answering(id: 'continueRun' | 'dropRun', answer: BrakeAnswer['kind']) {
  return route(id, {
    request: RequestById,
    answer: RunView,
    async handle(app, { caller: { tenantId, caller }, params }) {
      const run = await answerBrake(app, { tenantId, caller, runId: params.id, answer });
      return { body: runView(run), location: `/v1/sync-runs/${run.id}` };
    },
  });
}

/** Both answer with the run that carries the answer out. */
export const brakeAnswerRoutes = [answering('continueRun', 'continue'), answering('dropRun', 'drop')];
