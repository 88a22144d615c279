import { SyncError } from '../../core/errors.ts';
import { isLive } from '../../core/model/link.ts';
import type { Run } from '../../core/model/run.ts';
import { readBoth, readOf } from '../../sync/look/read-both.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { activeContext } from '../links/pairs.ts';
import { runOverLinks } from '../runs/run-over-links.ts';
import { decisionOn, type HeldOf, type Resolution, storeDecisions } from './decision.ts';
import { conflictId, linkOfConflict } from './list-conflicts.ts';

async function heldField(app: Application, tenantId: string, id: string): Promise<HeldOf> {
  const link = found(await app.links.get(tenantId, linkOfConflict(id)), 'conflict', id);
  const states = Object.entries(link.fieldStates);
  const [field] = found(
    states.find(([key, state]) => state.held && conflictId(link.id, key) === id),
    'conflict',
    id,
  );
  if (!isLive(link.state)) throw new SyncError('conflict', `The link is ${link.state}: nothing is written.`);
  return { link, field };
}

/** Stores the decision and looks at the link at once; SyncError `conflict` if a value moved or the link was written. */
export async function resolveConflict(
  app: Application,
  { tenantId, caller }: Caller,
  id: string,
  resolution: Resolution,
): Promise<Run> {
  const held = await heldField(app, tenantId, id);
  const { link, field } = held;
  const { connectionId } = link;
  const context = await activeContext(app, tenantId, connectionId);
  const choice = decisionOn(context, readOf(await readBoth(app, context, [link]), link), held, resolution);
  await storeDecisions(app, context, link, new Map([[field, choice]]));
  const trigger = { by: 'user', caller } as const;
  return runOverLinks(app, { tenantId, connectionId, linkIds: [link.id], trigger, forced: true });
}
