/**
 * Stores what was found of a link, with its failure. Always true: link and failure change in one transaction, on condition
 * of the revision, and as `standAfter` says; a failure changes with its link only, so one read after the link is the one of
 * that revision, or the write is refused. A crash leaves both as they were. Attacked by test/sync/meanwhile.test.ts.
 */
import type { Link } from '../../core/model/link.ts';
import { type Finding, type LinkStand, standAfter } from '../../core/model/link-stand.ts';
import type { RecordStep } from '../../ports/links.ts';
import type { Engine } from '../engine.ts';

export type RestOfStep = Omit<RecordStep, 'before' | 'after' | 'failure'>;

type Stores = Pick<Engine, 'links' | 'failures'>;

/** Link and failure as they stand, and as they would after what was found. */
export interface Stands {
  readonly before: LinkStand;
  readonly after: LinkStand;
}

export async function standsOf({ failures }: Pick<Stores, 'failures'>, link: Link, finding: Finding): Promise<Stands> {
  const before = { link, failure: await failures.ofLink(link) };
  return { before, after: standAfter(before, finding) };
}

/** `rest`: what else is written with the link as it is then. `stands`: of this very link, where they are known already. */
export async function recordFinding(
  engine: Stores,
  link: Link,
  finding: Finding,
  rest: (after: Link) => RestOfStep,
  stands?: Stands,
): Promise<Link | 'superseded'> {
  const { after } = stands ?? (await standsOf(engine, link, finding));
  return engine.links.record({ before: link, after: after.link, failure: after.failure, ...rest(after.link) });
}
