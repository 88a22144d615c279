import type { Run } from '../../core/model/run.ts';
import { type StartRunRequest, startRun } from '../../sync/runs/start-run.ts';
import type { Application } from '../application.ts';

interface LinksToLookAt extends Pick<StartRunRequest, 'tenantId' | 'connectionId' | 'trigger' | 'forced'> {
  /** Links of one connection (≤ 100). */
  readonly linkIds: readonly string[];
}

/** Starts a sync run over links named one by one; SyncError `conflict` for an inactive connection. */
export async function runOverLinks(app: Application, request: LinksToLookAt): Promise<Run> {
  const { linkIds } = request;
  return startRun(app, { ...request, kind: 'sync', scope: { kind: 'links', linkIds: [...linkIds] } });
}
