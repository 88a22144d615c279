import { type Failure, linkFailureId } from '../../core/model/failure.ts';
import type { LinkHead } from '../../core/model/link.ts';
import type { Application } from '../application.ts';

/** Their open failures, in the order of the links; `known`: those that were read with the links, by link id. */
export async function failuresOfLinks(
  app: Pick<Application, 'failures'>,
  links: readonly LinkHead[],
  known: ReadonlyMap<string, Failure>,
): Promise<Failure[]> {
  const failed = links.filter(({ openFailures }) => openFailures.length > 0);
  // Those of an earlier version have other ids. At one moment: as deployed they are one call.
  const failures = await Promise.all(
    failed.map((link) => (hasItsOwn(link) ? known.get(link.id) : app.failures.ofLink(link))),
  );
  return failures.filter((failure) => failure !== undefined);
}

function hasItsOwn({ id, openFailures }: LinkHead): boolean {
  return openFailures.every((failureId) => failureId === linkFailureId(id));
}
