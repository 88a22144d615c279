import { ActorTypeMapping } from '../../core/mapping/mapping.ts';
import { dryRunMapping } from '../../features/mappings/dry-run-mapping.ts';
import { runView } from '../../features/runs/run-view.ts';
import { route } from '../application-routes.ts';
import { EmptyRequest } from '../schemas/requests.ts';
import { MappingParams } from './mappings.ts';
import { RunView } from './sync-runs.ts';

export const mappingDryRunRoutes = [
  route('dryRunMapping', {
    request: EmptyRequest.extend({ params: MappingParams, body: ActorTypeMapping }),
    answer: RunView,
    async handle(app, { caller, params, body }) {
      const run = await dryRunMapping(app, caller, { connectionId: params.id, actorType: params.type }, body);
      return { body: runView(run), location: `/v1/sync-runs/${run.id}` };
    },
  }),
];
