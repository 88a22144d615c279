/**
 * Connecting: a link, both claims and its due item are one transaction each, so both uniqueness rules hold whoever else
 * connects at the same time. A crash after some of them leaves pending links that are due: the next poll looks at them.
 * Attacked by test/features/links/links.test.ts.
 */
import { type FieldFault, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { dueOf } from '../../core/model/due.ts';
import { type Link, pairOf } from '../../core/model/link.ts';
import { type LinkRead, type NotRead, readBoth, readOf } from '../../sync/look/read-both.ts';
import { endsAsSeen } from '../access/ends-as-seen.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { runOverLinks } from '../runs/run-over-links.ts';
import { type LinkRefusal, refusalOfClaim, refusalOfRead, refusalToLink, refusalView, toldTo } from './link-refusal.ts';
import { activeContext, checkPairs, linkOf, type Pair } from './pairs.ts';

const connectedAtOnce = 8;

export type PairResult =
  | { readonly result: 'connected'; readonly link: Link }
  | ({ readonly result: 'refused' } & LinkRefusal);

async function connectOne(app: Application, caller: Caller, link: Link, read: LinkRead | NotRead): Promise<PairResult> {
  const refusal = refusalOfRead(read);
  if (refusal) return { result: 'refused', ...refusal };
  const connected = await app.links.connect(link, dueOf(link, app.runtime.newId()));
  return connected.result === 'connected'
    ? connected
    : { result: 'refused', ...toldTo(caller, refusalOfClaim(connected)) };
}

function allRefused(results: readonly PairResult[]): SyncError {
  const faults = results.flatMap((result, at): FieldFault[] =>
    result.result === 'refused' ? [{ path: `pairs[${at}]`, message: refusalToLink(result) }] : [],
  );
  return new SyncError(
    'conflict',
    faults
      .map(({ message }) => message)
      .slice(0, 3)
      .join(' '),
    { faults },
  );
}

/** Connects the pairs that can be and starts one run over them; SyncError `conflict` naming the links in the way if none can be. */
export async function connectLinks(app: Application, caller: Caller, connectionId: string, pairs: readonly Pair[]) {
  const { tenantId } = caller;
  const opened = await activeContext(app, tenantId, connectionId);
  checkPairs(opened.setup, pairs);
  const links = pairs.map((pair) => linkOf(app, opened.setup, pair, caller.caller));
  const context = await endsAsSeen(app, caller, opened, links.map(pairOf));
  const reads = await readBoth(app, context, links);
  const results = await inParallel(links, connectedAtOnce, (link) =>
    connectOne(app, caller, link, readOf(reads, link)),
  );
  const connected = results.flatMap((result) => (result.result === 'connected' ? [result.link] : []));
  if (connected.length === 0) throw allRefused(results);
  const linkIds = connected.map((link) => link.id);
  const trigger = { by: 'connect', caller: caller.caller } as const;
  const run = await runOverLinks(app, { tenantId, connectionId, linkIds, trigger });
  const items = results.map((result, at) => {
    const link = links[at];
    const pair = link && pairOf(link);
    return result.result === 'connected'
      ? { ...pair, result: result.result, linkId: result.link.id, state: result.link.state }
      : { ...pair, result: result.result, ...refusalView(result) };
  });
  return { runId: run.id, items };
}
