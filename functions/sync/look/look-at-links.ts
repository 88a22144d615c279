/**
 * The rounds of one message. Always true: every link named has a verdict at the end; one whose rounds are used up waits,
 * and spends an attempt. What a crash leaves, each round leaves: look-round.ts. Attacked by test/sync/engine.test.ts and
 * test/property/.
 */
import { asSyncError } from '../../core/errors.ts';
import { again, type LinkVerdict, type RoundVerdict, waitAfter } from './link-verdict.ts';
import type { LinksFound, Look } from './look.ts';
import { lookRound } from './look-round.ts';

/** Re-plans within one message after a stale write; more would let one busy record delay its neighbours. */
const roundsPerMessage = 3;
/** Enough to find, by halves, one refused field among many; a second one is found by the next message. */
const roundsPerRefusal = 12;

/** A side that cannot be read concerns the links of this round: what an earlier one has done stands. */
async function roundOrWaits(
  look: Look,
  linkIds: readonly string[],
  mostWrites: ReadonlyMap<string, number>,
  given: LinksFound | undefined,
): Promise<ReadonlyMap<string, RoundVerdict>> {
  try {
    return await lookRound(look, linkIds, mostWrites, given);
  } catch (failure) {
    const error = asSyncError(failure);
    if (error.kind === 'defect') throw error;
    return new Map(linkIds.map((linkId) => [linkId, waitAfter(error)]));
  }
}

/** Looks at the links named, in rounds until each has a verdict or its rounds are used up. Throws a defect of a whole side. */
export async function lookAtLinks(
  look: Look,
  linkIds: readonly string[],
  found?: LinksFound,
): Promise<ReadonlyMap<string, LinkVerdict>> {
  const verdicts = new Map<string, LinkVerdict>();
  const refused = new Set<string>();
  let mostWrites = new Map<string, number>();
  let left = linkIds;
  for (let round = 0; round < roundsPerRefusal && left.length > 0; round += 1) {
    const results = await roundOrWaits(look, left, mostWrites, round === 0 ? found : undefined);
    // Another run may finish what this round recorded in part: then the next one finds the link unchanged.
    if ([...results.values()].some(({ verdict }) => verdict !== 'unchanged')) look.recorded();
    mostWrites = new Map();
    const unfinished: string[] = [];
    for (const linkId of left) {
      const result = results.get(linkId) ?? again;
      // Until a later round says otherwise.
      verdicts.set(
        linkId,
        result.verdict === 'again' ? { verdict: 'wait', spends: true, trouble: result.trouble } : result,
      );
      if (result.verdict !== 'again') continue;
      unfinished.push(linkId);
      if (result.mostWrites === undefined) continue;
      refused.add(linkId);
      mostWrites.set(linkId, result.mostWrites);
    }
    left = unfinished.filter((linkId) => round + 1 < roundsPerMessage || refused.has(linkId));
  }
  return verdicts;
}
