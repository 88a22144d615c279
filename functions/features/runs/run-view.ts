import { isDetecting, type Run } from '../../core/model/run.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';

export interface RunView extends Run {
  readonly detecting: boolean;
}

export function runView(run: Run): RunView {
  return { ...run, detecting: isDetecting(run) };
}

export async function readRun(app: Application, tenantId: string, runId: string): Promise<RunView> {
  return runView(found(await app.runs.get(tenantId, runId), 'sync run', runId));
}

/** Newest first. */
export async function listRuns(
  app: Application,
  tenantId: string,
  filter: { readonly connectionId?: string | undefined },
  page: PageRequest,
): Promise<Page<RunView>> {
  const { items, cursor } = await app.runs.list(tenantId, filter, page);
  return { items: items.map(runView), cursor };
}
