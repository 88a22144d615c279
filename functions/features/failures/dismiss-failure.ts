import { SyncError } from '../../core/errors.ts';
import type { Failure } from '../../core/model/failure.ts';
import type { Link } from '../../core/model/link.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';

const mostTries = 5;

/** Takes a failure off the list; what it is about stays as it is. A link's failures change with the link, in one write. */
export async function dismissFailure(app: Application, tenantId: string, failureId: string): Promise<void> {
  const failure = found(await app.failures.get(tenantId, failureId), 'failure', failureId);
  for (let tries = 0; tries < mostTries; tries += 1) {
    if ((await dismissed(app, failure)) !== 'superseded') return;
  }
  throw new SyncError('stale', `The link of failure ${failureId} is being changed all the time: try again.`);
}

/** The field remembers it, or the next look would list the same again. */
function withMark(link: Link, field: string | undefined): Link {
  const state = field === undefined ? undefined : link.fieldStates[field];
  if (field === undefined || !state) return link;
  return { ...link, fieldStates: { ...link.fieldStates, [field]: { ...state, dismissed: true } } };
}

async function dismissed(app: Application, { tenantId, id, linkId, field }: Failure): Promise<'closed' | 'superseded'> {
  const link = linkId === undefined ? undefined : await app.links.get(tenantId, linkId);
  if (!link?.openFailures.includes(id)) {
    await app.failures.close(tenantId, id);
    return 'closed';
  }
  const stored = await app.links.record({
    before: link,
    after: { ...withMark(link, field), openFailures: link.openFailures.filter((other) => other !== id) },
    closesFailures: [id],
  });
  return stored === 'superseded' ? 'superseded' : 'closed';
}
