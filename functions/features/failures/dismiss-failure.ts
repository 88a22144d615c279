import { SyncError } from '../../core/errors.ts';
import { driftOnceAccepted } from '../../core/mapping/field-drift.ts';
import { driftReason, type Failure } from '../../core/model/failure.ts';
import { recordFinding } from '../../sync/look/record-finding.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';

const mostTries = 5;

type Stores = Pick<Application, 'links' | 'failures' | 'runtime' | 'connections'>;

/**
 * Accepts the drift of a connection: what changed is from now on as it should be, and what is gone is nobody's trouble any
 * more. The failure goes last, so a crash leaves it, and a repeat closes it.
 */
async function acceptDrift(app: Stores, { tenantId, id, connectionId }: Failure): Promise<'closed' | 'superseded'> {
  const read = await app.connections.getWithTypes(tenantId, connectionId);
  for (const type of read?.actorTypes.filter(({ drift }) => drift) ?? []) {
    const drift = driftOnceAccepted(type);
    if (!(await app.connections.noteActorType(type, { drift }))) return 'superseded';
  }
  await app.failures.close(tenantId, id);
  return 'closed';
}

/** Takes a failure off the list; what it is about stays as it is, and due. A link's failure changes with the link. */
export async function dismissFailure(app: Stores, tenantId: string, failureId: string): Promise<void> {
  const failure = found(await app.failures.get(tenantId, failureId), 'failure', failureId);
  for (let tries = 0; tries < mostTries; tries += 1) {
    if ((await dismissed(app, failure)) !== 'superseded') return;
  }
  throw new SyncError('stale', `What failure ${failureId} is about is being changed all the time: try again.`);
}

async function dismissed(app: Stores, failure: Failure): Promise<'closed' | 'superseded'> {
  const { tenantId, id, linkId } = failure;
  if (failure.reason === driftReason) return acceptDrift(app, failure);
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
