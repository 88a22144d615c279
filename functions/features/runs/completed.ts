import { hasEnded, type Run } from '../../core/model/run.ts';
import { isStalled } from '../../core/timing/stalled-or-abandoned.ts';
import { cancelIf, type ReasonToEnd, reasonsToEnd } from '../../sync/runs/cancel-run.ts';
import { helpOn } from '../../sync/runs/help-on.ts';
import type { Application } from '../application.ts';

/**
 * What ended its connection may not have come to the end of the run: then whoever reads it does that. A connection that is
 * not active has no schedule that helps the run of a proposed mapping on; who waits for it does. `reasons`: where they were
 * read already.
 */
export async function completed(app: Application, run: Run, reasons?: ReasonToEnd): Promise<Run> {
  if (hasEnded(run.state)) return run;
  const isCancelled = await cancelIf(app, run, reasons ?? (await reasonsToEnd(app, run)));
  const isHelped = run.proposed && isStalled(run, app.runtime.nowMs(), app.settings);
  if (isHelped) await helpOn(app, run);
  return isCancelled || isHelped ? ((await app.runs.get(run.tenantId, run.id)) ?? run) : run;
}
