/**
 * How one mapped field of a link stands, and why, in a sentence: from the plan of the next look where there is one, else
 * from what is remembered and what was read. Pure. Attacked by test/core/explain/field-situation.test.ts.
 */
import type { MappedField } from '../mapping/mapping.ts';
import type { FieldPlan } from '../merge/field-plan.ts';
import type { BySide } from '../model/by-side.ts';
import { type FieldState, fieldKey, isLive, type Link } from '../model/link.ts';
import { otherSide, type Side, sides } from '../model/side.ts';
import { agrees } from '../values/convert.ts';
import { sameValue, type Value } from '../values/value.ts';
import { type FieldActKind, parkedTexts, ruleText, withheldText } from './rule-texts.ts';

/** `waiting`: a change that has not come to the other side. `left-alone`: the mapping lets nothing travel that way. */
export const fieldSituations = [
  'agreed',
  'waiting',
  'held',
  'parked',
  'withheld',
  'agreed-to-differ',
  'left-alone',
] as const;

export interface FieldSituation {
  readonly state: (typeof fieldSituations)[number];
  readonly reason: string;
  /** What the next look would write, and by which rule. */
  readonly next?: { readonly side: Side; readonly value: Value; readonly rule: string } | undefined;
}

export interface KnownField {
  readonly link: Pick<Link, 'fieldStates' | 'withheld' | 'intent' | 'state'>;
  readonly mapped: MappedField;
  /** A side that could not be read has none. */
  readonly now: Partial<BySide<Value>>;
  /** Without what is withheld; absent where nothing can be planned: a side that could not be read, a link that is not live. */
  readonly plan?: FieldPlan | undefined;
}

const names: BySide<string> = { crm: 'the CRM', erp: 'the ERP' };

function because(state: FieldSituation['state'], ...sentences: (string | undefined)[]): FieldSituation {
  return { state, reason: sentences.filter((one) => one !== undefined).join(' ') };
}

function differing({ keptBack }: FieldState): FieldSituation {
  return because(
    'agreed-to-differ',
    keptBack
      ? ruleText('blank-kept-back')
      : 'A person chose so, a system stored something else than it was sent, or neither value could be told from an edit.',
    'It stays so until one side changes or both agree.',
  );
}

/** What keeps the field from travelling, whatever the values are now; nothing if nothing does. */
function keptFrom({ held, parked }: FieldState): FieldSituation | undefined {
  if (held) return because('held', ruleText(held));
  return parked && because('parked', parkedTexts[parked.reason]);
}

function planned({ write, rule, conflict, state, part, mapped, crm, erp }: FieldPlan): FieldSituation {
  if (write) {
    const { side, value } = write;
    const next = `The next look writes ${names[side]}.`;
    return { ...because('waiting', ruleText(rule, conflict?.policy), next), next: { side, value, rule } };
  }
  if (rule === 'part-refused') return because('waiting', ruleText(rule), part && `That is ${part}.`);
  const kept = keptFrom(state);
  if (kept) return kept;
  if (rule === 'one-way' && !state.differs) return because('left-alone', ruleText(rule));
  return agrees(mapped, crm, erp) || !state.differs ? because('agreed', ruleText(rule)) : differing(state);
}

function movedSides({ agreed }: FieldState, now: KnownField['now']): Side[] {
  return sides.filter((side) => now[side] !== undefined && (!agreed || !sameValue(now[side], agreed[side])));
}

/** A link that is not live is only watched: what waits in it does so for more than a look. */
function stillness({ state }: KnownField['link']): string | undefined {
  return isLive(state) ? undefined : `Nothing is written while the link is ${state}.`;
}

/** From what is remembered: nobody can say what a look would do. */
function remembered(link: KnownField['link'], mapped: MappedField, now: KnownField['now']): FieldSituation {
  const state = link.fieldStates[fieldKey(mapped)] ?? {};
  const kept = keptFrom(state);
  if (kept) return kept;
  const { crm, erp } = now;
  if (crm !== undefined && erp !== undefined && agrees(mapped, crm, erp)) return because('agreed', ruleText('agrees'));
  if (!state.agreed) return because('waiting', 'Both sides have not agreed on it yet.', stillness(link));
  const moved = movedSides(state, now);
  if (moved.length > 0) {
    const who = moved.map((side) => names[side]).join(' and ');
    return because('waiting', `It is another value in ${who} than when both sides last agreed.`, stillness(link));
  }
  if (state.differs) return differing(state);
  const unread = sides.filter((side) => now[side] === undefined).map((side) => names[side]);
  const asFar =
    unread.length > 0 ? `That is as far as it is known: ${unread.join(' and ')} could not be read.` : undefined;
  return because('agreed', ruleText('unchanged'), asFar);
}

const fieldActs: readonly FieldActKind[] = ['blanks', 'uniform', 'swaps', 'refusals'];

/** As the last look left it out. */
function withheldSituation({ withheld }: KnownField['link'], field: string): FieldSituation | undefined {
  for (const kind of fieldActs) {
    const act = withheld?.[kind];
    if (act?.fields.includes(field)) return because('withheld', withheldText(kind, act));
  }
  return undefined;
}

export function fieldSituation({ link, mapped, now, plan }: KnownField): FieldSituation {
  const field = fieldKey(mapped);
  const begun = link.intent?.writes.find((one) => one.field === field);
  if (begun) {
    const to = `from ${names[otherSide(begun.side)]} to ${names[begun.side]}`;
    return because('waiting', `A write ${to} was begun, and a look has still to find out what became of it.`);
  }
  const withheld = withheldSituation(link, field);
  if (withheld && (plan === undefined || plan.rule === 'withheld')) return withheld;
  return plan ? planned(plan) : remembered(link, mapped, now);
}
