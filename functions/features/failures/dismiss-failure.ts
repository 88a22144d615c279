import { invalid, SyncError } from '../../core/errors.ts';
import type { SeenTrouble } from '../../core/model/drift-trouble.ts';
import { driftReason, type Failure } from '../../core/model/failure.ts';
import { recordFinding } from '../../sync/look/record-finding.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { acceptDrift, refuseUnlessAdmin, refuseUnseen } from './accept-drift.ts';

const mostTries = 5;

type Stores = Pick<Application, 'links' | 'failures' | 'runtime' | 'connections' | 'alerts' | 'telemetry'>;

/**
 * Takes a failure off the list; what it is about stays as it is, and due. A link's failure changes with the link. `seen`:
 * of drift what is accepted, as the failure named it; of no other failure is it asked.
 */
export async function dismissFailure(
  app: Stores,
  caller: Caller,
  failureId: string,
  seen?: readonly SeenTrouble[],
): Promise<void> {
  const failure = found(await app.failures.get(caller.tenantId, failureId), 'failure', failureId);
  if (failure.reason === driftReason) {
    refuseUnlessAdmin(caller, 'Accepting drift');
    refuseUnseen(failure, seen);
  } else if (seen) throw invalid([{ path: 'fields', message: 'Only drift is accepted by field' }]);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const outcome =
      failure.reason === driftReason
        ? await acceptDrift(app, caller, failure.connectionId, seen ?? [])
        : await dismissed(app, failure);
    if (outcome !== 'superseded') return;
  }
  throw new SyncError('stale', `What failure ${failureId} is about is being changed all the time: try again.`);
}

async function dismissed(app: Stores, failure: Failure): Promise<'closed' | 'superseded'> {
  const { tenantId, id, linkId } = failure;
  const link = linkId === undefined ? undefined : await app.links.get(tenantId, linkId);
  if (!link) {
    await app.failures.close(tenantId, id);
    return 'closed';
  }
  // Closed since; or opened again since the link was read, which then lists it.
  if (!link.openFailures.includes(id)) return (await app.failures.get(tenantId, id)) ? 'superseded' : 'closed';
  const finding = { found: 'dismiss', at: app.runtime.now() } as const;
  const stored = await recordFinding(app, link, finding, () => ({}));
  return stored === 'superseded' ? 'superseded' : 'closed';
}
