import { inParallel } from '../../core/in-parallel.ts';
import { isDetecting, type Run } from '../../core/model/run.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { cancelRun } from '../../sync/runs/cancel-run.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { completed } from './completed.ts';
import { type PlannedByProposal, plannedByProposal, storedProposal } from './planned-by-proposal.ts';
import { asItsRuns, cancelAll } from './run-over-all.ts';

const readAtOnce = 8;

export interface RunView extends Run {
  readonly detecting: boolean;
}

export function runView(run: Run): RunView {
  return { ...run, detecting: isDetecting(run) };
}

function asItStands(app: Application, run: Run): Promise<Run> {
  return run.children ? asItsRuns(app, run) : completed(app, run);
}

/** Of a proposed mapping with what that would do. `reached`: the run, where it was read already. */
export async function readRun(
  app: Application,
  tenantId: string,
  runId: string,
  reached?: Run,
): Promise<RunView & { readonly planned?: PlannedByProposal | undefined }> {
  const asStored = found(reached ?? (await app.runs.get(tenantId, runId)), 'sync run', runId);
  // At one moment: as deployed what is read by key is one call.
  const [run, stored] = await Promise.all([asItStands(app, asStored), storedProposal(app, asStored)]);
  return { ...runView(run), planned: stored && (await plannedByProposal(app, run, stored)) };
}

export async function cancelAsked(app: Application, tenantId: string, runId: string): Promise<RunView> {
  const run = found(await app.runs.get(tenantId, runId), 'sync run', runId);
  return runView(run.children ? await cancelAll(app, run) : await cancelRun(app, tenantId, runId));
}

/** Newest first. */
export async function listRuns(
  app: Application,
  tenantId: string,
  filter: { readonly connectionId?: string | undefined },
  page: PageRequest,
): Promise<Page<RunView>> {
  const { items, cursor } = await app.runs.list(tenantId, filter, page);
  const runs = await inParallel(items, readAtOnce, (run) => asItStands(app, run));
  return { items: runs.map(runView), cursor };
}
