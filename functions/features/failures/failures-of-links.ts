import type { Failure } from '../../core/model/failure.ts';
import type { LinkHead } from '../../core/model/link.ts';
import type { Application } from '../application.ts';

/** Their open failures, in the order of the links. */
export async function failuresOfLinks(
  app: Pick<Application, 'failures'>,
  links: readonly LinkHead[],
): Promise<Failure[]> {
  const failed = links.filter(({ openFailures }) => openFailures.length > 0);
  // At one moment: as deployed they are one call.
  const failures = await Promise.all(failed.map((link) => app.failures.ofLink(link)));
  return failures.filter((failure) => failure !== undefined);
}
