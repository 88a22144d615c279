/**
 * Stores what was found of a link, with its failure. Always true: link and failure change in one transaction, on condition
 * of the revision, and as `standAfter` says; a failure changes with its link only, so one read after the link is the one of
 * that revision, or the write is refused. A crash leaves both as they were. Attacked by test/sync/meanwhile.test.ts.
 */
import type { Link } from '../../core/model/link.ts';
import { type Finding, standAfter } from '../../core/model/link-stand.ts';
import type { RecordStep } from '../../ports/links.ts';
import type { Engine } from '../engine.ts';

export type RestOfStep = Omit<RecordStep, 'before' | 'after' | 'failure'>;

/** `rest`: what else is written with the link as it is then. */
export async function recordFinding(
  engine: Pick<Engine, 'links' | 'failures'>,
  link: Link,
  finding: Finding,
  rest: (after: Link) => RestOfStep,
): Promise<Link | 'superseded'> {
  const failure = await engine.failures.ofLink(link);
  const stand = standAfter({ link, failure }, finding);
  return engine.links.record({ before: link, after: stand.link, failure: stand.failure, ...rest(stand.link) });
}
