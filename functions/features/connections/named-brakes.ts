import type { Brake, BrakeExample } from '../../core/model/brake.ts';
import { pairOf } from '../../core/model/link.ts';
import type { Application } from '../application.ts';

type NamedExample = BrakeExample & Partial<ReturnType<typeof pairOf>>;

export interface NamedBrake extends Brake {
  readonly examples: NamedExample[];
}

/** Brakes whose examples say which records they are about, as their links do now; one read for all of them, none without. */
export async function namedBrakes(
  { links }: Pick<Application, 'links'>,
  tenantId: string,
  brakes: readonly Brake[],
): Promise<NamedBrake[]> {
  const linkIds = brakes.flatMap(({ examples }) => examples.map(({ linkId }) => linkId));
  const heads = linkIds.length > 0 ? await links.getHeads(tenantId, [...new Set(linkIds)]) : [];
  const pairs = new Map(heads.map((link) => [link.id, pairOf(link)]));
  return brakes.map((brake) => ({
    ...brake,
    examples: brake.examples.map((example) => ({ ...example, ...pairs.get(example.linkId) })),
  }));
}
