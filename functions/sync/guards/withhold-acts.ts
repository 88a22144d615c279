/**
 * All that rations what a plan would write, one kind of act after the other. Always true: of what remains nothing is left to
 * be asked about, and what is left out is out for every kind. A crash leaves what take-act.ts says. Attacked by
 * test/sync/brake-kinds.test.ts and test/property/fault-scripts.test.ts.
 */
import type { FieldPlan } from '../../core/merge/field-plan.ts';
import type { Plan } from '../../core/merge/plan.ts';
import { textOf } from '../../core/merge/repeated-values.ts';
import { swapsIn } from '../../core/merge/swaps-in.ts';
import { type KnownTexts, uniformIn } from '../../core/merge/uniform-in.ts';
import { valueMark } from '../../core/merge/withheld-mark.ts';
import type { Link } from '../../core/model/link.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import type { RoundVerdict } from '../look/link-verdict.ts';
import type { Look } from '../look/look.ts';
import type { ActVerdict } from './act-verdict.ts';
import type { Guarded } from './guarded.ts';
import { withholdRefused } from './ration-refusals.ts';
import { ruled } from './ruled.ts';
import { takeAct } from './take-act.ts';
import { withholdBlanks } from './withhold-blanks.ts';

async function withholdSwaps(look: Look, link: Link, before: Guarded): Promise<Guarded> {
  const swaps = swapsIn(before.plan);
  if (swaps.length === 0) return before;
  const verdict = await takeAct(look, link, 'swaps');
  return ruled('swaps', before, link, new Map(swaps.map((act) => [act, verdict])));
}

/** What is known of texts: while a brake stands, only those that it shows and those that repeat are meant by it. */
function knownTexts({ context, facts }: Look, { withheld }: Link): KnownTexts {
  const brake = context.setup.brakes.find(({ kind }) => kind === 'uniform');
  const shown = (brake?.examples ?? []).map(({ sent }) => sent);
  return {
    repeated: facts.repeated(),
    isRest: facts.isRest && !brake,
    withheld: [withheld?.uniform?.sent, ...shown],
  };
}

/** Counted are the different values that one text replaces in a field, so that who sets a term for many is not stopped. */
async function withholdUniform(look: Look, link: Link, before: Guarded): Promise<Guarded> {
  if (!before.plan.fields.some(({ write }) => write)) return before;
  const verdicts = new Map<FieldPlan, ActVerdict>();
  for (const act of uniformIn(before.plan, knownTexts(look, link))) {
    const { field, mapped, write } = act;
    if (!write) continue;
    const { side, value } = write;
    // In whatever form both are written.
    const of = fingerprint([field, side, textOf(mapped, side, value)]);
    const part = { of, taker: valueMark(field, textOf(mapped, side, act[side])) };
    verdicts.set(act, await takeAct(look, link, 'uniform', part));
  }
  return ruled('uniform', before, link, verdicts);
}

/** The plan without the acts that may not be done. */
export async function withholdActs(look: Look, link: Link, whole: Plan): Promise<Guarded | RoundVerdict> {
  const guarded = await withholdBlanks(look, link, whole);
  if ('verdict' in guarded) return guarded;
  return withholdRefused(look, link, await withholdUniform(look, link, await withholdSwaps(look, link, guarded)));
}
