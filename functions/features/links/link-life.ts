import { SyncError } from '../../core/errors.ts';
import { notActiveText } from '../../core/explain/not-active.ts';
import { dueOf } from '../../core/model/due.ts';
import type { Link, LinkState } from '../../core/model/link.ts';
import type { Run } from '../../core/model/run.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { runOverLinks } from '../runs/run-over-links.ts';
import { type LeftByLink, leftByLink } from './left-by-link.ts';
import { refusalOfClaim, refusalToLink, toldTo } from './link-refusal.ts';

/** The engine writes the same links: what it has just changed is read again, so often. */
export const mostTries = 5;

/** A paused link is not a person's to restore: it goes on once its record is back. */
const restorable: readonly LinkState[] = ['broken', 'disconnected'];

export async function readLink(app: Application, tenantId: string, linkId: string): Promise<Link> {
  return found(await app.links.get(tenantId, linkId), 'link', linkId);
}

/** Data stays on both sides; synchronisation ends. Safe to repeat. */
export async function disconnectLink(app: Application, tenantId: string, linkId: string): Promise<LeftByLink> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const link = await readLink(app, tenantId, linkId);
    if (link.state === 'disconnected') return leftByLink(app, link);
    const due = dueOf(link, app.runtime.newId());
    if ((await app.links.disconnect(link, due)) === 'disconnected') return leftByLink(app, link);
  }
  throw new SyncError('stale', `The link ${linkId} is being changed all the time: try again.`);
}

/** Takes both claims again and looks at the link at once; SyncError `conflict` naming the link that has one of them. */
export async function restoreLink(app: Application, caller: Caller, linkId: string): Promise<{ link: Link; run: Run }> {
  const { tenantId } = caller;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const link = await readLink(app, tenantId, linkId);
    if (!restorable.includes(link.state)) {
      throw new SyncError('conflict', `The link is ${link.state}: only a broken or disconnected one can be restored.`);
    }
    const { connectionId } = link;
    const connection = found(await app.connections.get(tenantId, connectionId), 'connection', connectionId);
    if (connection.state !== 'active') {
      throw new SyncError('conflict', notActiveText(connection.state));
    }
    const restored = await app.links.restore(link, dueOf(link, app.runtime.newId()));
    if (restored.result === 'taken')
      throw new SyncError('conflict', refusalToLink(toldTo(caller, refusalOfClaim(restored))));
    if (restored.result === 'superseded') continue;
    const trigger = { by: 'connect', caller: caller.caller } as const;
    const run = await runOverLinks(app, { tenantId, connectionId, linkIds: [linkId], trigger });
    return { link: restored.link, run };
  }
  throw new SyncError('stale', `The link ${linkId} is being changed all the time: try again.`);
}
