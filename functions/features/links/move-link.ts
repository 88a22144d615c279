/**
 * Moves a link whose record was merged to the record that took its place. Both claims, the end and what was agreed change
 * in one transaction, so a crash leaves the link where it was, or pending and due. Attacked by
 * test/features/links/move-link.test.ts and test/contract/stores-links-suite.ts.
 */
import { invalid, SyncError } from '../../core/errors.ts';
import { dueOf } from '../../core/model/due.ts';
import { type Link, pairOf } from '../../core/model/link.ts';
import type { Run } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import type { LinkMove } from '../../ports/links.ts';
import { readBoth, readOf } from '../../sync/look/read-both.ts';
import type { OpenEnds } from '../../sync/open-ends.ts';
import { endsAsSeen } from '../access/ends-as-seen.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { runOverLinks } from '../runs/run-over-links.ts';
import { mostTries, readLink } from './link-life.ts';
import { type LinkRefusal, refusalOfClaim, refusalOfRead, refusalToLink, toldTo } from './link-refusal.ts';
import { activeContext, checkChoices, choicesOf, type FieldChoice } from './pairs.ts';

export interface AskedMove {
  /** The record to move to, on the side that was merged; absent = the one that its system names. */
  readonly crmKey?: string | undefined;
  readonly erpKey?: string | undefined;
  readonly choices?: readonly FieldChoice[] | undefined;
}

interface Merged {
  readonly side: Side;
  readonly into?: string | undefined;
}

/** Why it stopped; a link that was kept from breaking does not remember: its records are asked. */
async function whyStopped(app: Application, context: OpenEnds, link: Link): Promise<Partial<LinkRefusal>> {
  const { state, stateReason, mergedInto } = link;
  if (state === 'paused' && stateReason === 'dropped') {
    return refusalOfRead(readOf(await readBoth(app, context, [link]), link)) ?? {};
  }
  const isMerged = stateReason === 'crm-record-merged' || stateReason === 'erp-actor-merged';
  return state === 'broken' && isMerged ? { reason: stateReason, mergedInto } : {};
}

async function mergedOf(app: Application, context: OpenEnds, link: Link): Promise<Merged> {
  const { reason, mergedInto: into } = await whyStopped(app, context, link);
  if (reason === 'crm-record-merged') return { side: 'crm', into };
  if (reason === 'erp-actor-merged') return { side: 'erp', into };
  throw new SyncError('conflict', 'Only a link that stopped because a record of it was merged can be moved.');
}

function targetOf(link: Link, { side, into }: Merged, { crmKey, erpKey }: AskedMove): Pick<LinkMove, 'side' | 'key'> {
  const asked = { crm: crmKey, erp: erpKey };
  const wrong = side === 'crm' ? 'erp' : 'crm';
  if (asked[wrong] !== undefined) {
    throw invalid([{ path: `${wrong}Key`, message: `The record that was merged is the ${side.toUpperCase()}'s` }]);
  }
  const key = asked[side] ?? into;
  if (key === undefined) {
    throw invalid([{ path: `${side}Key`, message: 'Needed: the system does not say which record took its place' }]);
  }
  if (key === link.ends[side].key) throw invalid([{ path: `${side}Key`, message: 'That is the merged record itself' }]);
  return { side, key };
}

/** Pending and looked at once; SyncError `conflict` naming the link that has the record already, or why it cannot be linked. */
export async function moveLink(
  app: Application,
  caller: Caller,
  linkId: string,
  asked: AskedMove,
): Promise<{ link: Link; run: Run }> {
  const { tenantId } = caller;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const link = await readLink(app, tenantId, linkId);
    const { connectionId } = link;
    const context = await activeContext(app, tenantId, connectionId);
    const { side, key } = targetOf(link, await mergedOf(app, context, link), asked);
    const choices = asked.choices ?? [];
    checkChoices(context.setup, link.ends.erp.type, choices);
    const there: Link = { ...link, ends: { ...link.ends, [side]: { ...link.ends[side], key } } };
    const seen = await endsAsSeen(app, caller, context, [pairOf(there)]);
    const refusal = refusalOfRead(readOf(await readBoth(app, seen, [there]), there));
    if (refusal) throw new SyncError('conflict', refusalToLink(refusal));
    const move = { side, key, choices: choicesOf(choices) };
    const moved = await app.links.move(link, move, dueOf(link, app.runtime.newId()));
    if (moved.result === 'taken') throw new SyncError('conflict', refusalToLink(toldTo(caller, refusalOfClaim(moved))));
    if (moved.result === 'superseded') continue;
    const trigger = { by: 'connect', caller: caller.caller } as const;
    const run = await runOverLinks(app, { tenantId, connectionId, linkIds: [linkId], trigger });
    return { link: moved.link, run };
  }
  throw new SyncError('stale', `The link ${linkId} is being changed all the time: try again.`);
}
