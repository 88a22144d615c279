import { inParallel } from '../../core/in-parallel.ts';
import { hasEnded, isDetecting, type Run } from '../../core/model/run.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { cancelIfHalted } from '../../sync/runs/cancel-run.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';

const readAtOnce = 8;

export interface RunView extends Run {
  readonly detecting: boolean;
}

export function runView(run: Run): RunView {
  return { ...run, detecting: isDetecting(run) };
}

/** What ended its connection may not have come to the end of the run: then whoever reads it does that. */
async function completed(app: Application, run: Run): Promise<Run> {
  if (hasEnded(run.state)) return run;
  await cancelIfHalted(app, run);
  return (await app.runs.get(run.tenantId, run.id)) ?? run;
}

export async function readRun(app: Application, tenantId: string, runId: string): Promise<RunView> {
  return runView(await completed(app, found(await app.runs.get(tenantId, runId), 'sync run', runId)));
}

/** Newest first. */
export async function listRuns(
  app: Application,
  tenantId: string,
  filter: { readonly connectionId?: string | undefined },
  page: PageRequest,
): Promise<Page<RunView>> {
  const { items, cursor } = await app.runs.list(tenantId, filter, page);
  const runs = await inParallel(items, readAtOnce, (run) => completed(app, run));
  return { items: runs.map(runView), cursor };
}
