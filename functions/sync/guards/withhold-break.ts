/**
 * Breaking links is rationed. Always true: a link that would break beyond the allowance stays as it is and due, and one
 * that a person dropped is paused; neither is written. One transaction on condition of the revision, so a crash leaves the
 * link as it was, and due. Attacked by test/sync/brake.test.ts.
 */
import { dueOf } from '../../core/model/due.ts';
import type { Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { again, type RoundVerdict } from '../look/link-verdict.ts';
import type { LookRound } from '../look/look.ts';
import { readAccess, takeAct, withheldUntil } from './take-act.ts';

/** What becomes of a link whose record is gone on one side, if it may not break; nothing if it may. */
export async function withholdBreak(round: LookRound, link: Link, gone: Side): Promise<RoundVerdict | undefined> {
  const { engine, chunk, dues } = round;
  const { runId, chunkId } = chunk;
  if (link.stateReason === 'dropped') return { verdict: 'unchanged', due: dues.get(link.id) };
  const access = await readAccess(round, link, gone);
  if ('verdict' in access) return access;
  const verdict = await takeAct(round, link, 'breaks');
  if (verdict === 'taken') return undefined;
  const stored =
    verdict === 'dropped'
      ? await engine.links.record({
          before: link,
          after: { ...link, state: 'paused', stateReason: 'dropped', withheld: undefined },
          removesDue: dues.get(link.id)?.sequence,
          counts: { runId, chunkId, deltas: { lookedAt: 1 }, result: true },
        })
      : await engine.links.record({
          before: link,
          after: { ...link, withheld: { breaks: { fields: [], reason: verdict } } },
          staysDue: { ...dueOf(link, engine.runtime.newId()), notBefore: withheldUntil(engine) },
          counts: { runId, chunkId, deltas: { lookedAt: 1, withheld: 1 }, result: true },
        });
  return stored === 'superseded' ? again : { verdict: 'recorded' };
}
