import type { ErrorKind } from '../errors.ts';
import { sides } from '../model/side.ts';
import { isUnclearRefusal } from './halving.ts';
import type { LookFacts } from './look-facts.ts';

/** What keeps a link from ever being done although both systems answer: told to a person once it is so look after look. */
export interface LookTrouble {
  readonly reason: 'always-stale' | 'always-refused';
  /** The vendor's own words. */
  readonly explanation?: string | undefined;
}

export const troubleKinds: Readonly<Record<LookTrouble['reason'], ErrorKind>> = {
  'always-stale': 'stale',
  'always-refused': 'rejected',
};

/** Nothing where the round was no trouble of this kind: a refusal that names what was sent is that field's own failure. */
export function lookTroubleOf(facts: LookFacts): LookTrouble | undefined {
  const answers = sides.map((side) => facts.answers[side]);
  if (answers.some(({ outcome }) => outcome === 'stale')) return { reason: 'always-stale' };
  if (!isUnclearRefusal(facts)) return undefined;
  const [explanation] = answers.flatMap((answer) => ('explanation' in answer ? (answer.explanation ?? []) : []));
  return { reason: 'always-refused', explanation };
}

/** Looks in a row that come to nothing before a person hears of it. */
const mostLooks = 6;

/** `looks` counts this one; once it is an open failure each look that comes to nothing is the last for an hour. */
export function afterTrouble(looks: number, isOpenFailure: boolean): 'ask-again' | 'give-up' {
  return isOpenFailure || looks >= mostLooks ? 'give-up' : 'ask-again';
}
