import { hasEnded, type Run } from '../../core/model/run.ts';
import { cancelIfHalted } from '../../sync/runs/cancel-run.ts';
import type { Application } from '../application.ts';

/** What ended its connection may not have come to the end of the run: then whoever reads it does that. */
export async function completed(app: Application, run: Run): Promise<Run> {
  if (hasEnded(run.state)) return run;
  await cancelIfHalted(app, run);
  return (await app.runs.get(run.tenantId, run.id)) ?? run;
}
