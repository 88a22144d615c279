import type { Rule } from '../merge/field-plan.ts';
import type { ActKind, WithheldAct } from '../model/brake.ts';
import type { ParkedField } from '../model/link.ts';

/** Why a field was written, or is left as it is: one sentence a rule, for people, without any value. */
const ruleTexts: Readonly<Record<Rule, string>> = {
  agrees: 'Both sides hold the same.',
  unchanged: 'Nothing changed since both sides last agreed.',
  'changed-in-erp': 'It was changed in the ERP.',
  'changed-in-crm': 'It was changed in the CRM.',
  'changed-on-both': 'It was changed on both sides, differently.',
  'first-sync': 'Both sides held different values when they were connected.',
  'first-sync-fills-blank': 'One side was blank when the records were connected, and was filled.',
  'chosen-at-connect': 'A person chose the side to keep when the records were connected.',
  'one-way': 'The mapping writes the other way only, so this value stays where it is.',
  restored: 'It was edited where the mapping writes it, and an enforced field is put back.',
  'choice-void': 'A value moved after a person had chosen the side to keep, so a person has to choose again.',
  'decision-refused': 'What a person decided cannot be written on the other side, so a person has to decide again.',
  'reformatted-in-turn': 'Both systems write the value in a form of their own, in turn: a person has to decide.',
  'part-refused': 'It goes together with another field of one value, which cannot be written.',
  refused: 'The value was refused.',
  asked: 'Both sides changed it differently, and a person is asked.',
  withheld: 'It exceeds the allowance of the day, or meets a brake or a field that may not be read.',
  dropped: 'A person answered to a brake that this shall not be written.',
  'own-form': 'The system makes a form of its own of this value, as it did before, so both sides stay as they are.',
  resolving: 'A person entered a value for both sides, and one side had it first.',
  resync: 'A resync let the values of one side replace the other side.',
  'blank-kept-back': 'A blank may not replace a value here, so both sides stay as they are.',
  resolved: 'A person decided it.',
};

/** What decided where two values met, by the policy that the conflict was logged with; the others are rules themselves. */
const decidedTexts: Readonly<Record<string, string>> = {
  'one-way': 'The mapping writes one way only, and that decided.',
  'sync-priority':
    'The order of the connections decided: the value in the CRM came from another connection, and that of the higher one wins.',
  'crm-wins': 'By the policy the CRM won.',
  'erp-wins': 'By the policy the ERP won.',
  'latest-wins': 'By the policy the later edit won.',
  'latest-wins-unsure':
    'By the policy the later edit won, though nobody can tell whether the time of a record is that of this edit.',
  'latest-wins-fallback-crm': 'The times could not tell which edit was later, and then the CRM wins by the policy.',
  'latest-wins-fallback-erp': 'The times could not tell which edit was later, and then the ERP wins by the policy.',
  enforce: 'The mapping enforces the field, and that decided.',
  resync: 'A resync was asked for, and that decided.',
  resolved: 'A person decided it for another part of the same value.',
  overtaken: 'The value that it replaced was written while we wrote, so it may be an edit.',
  settled: 'A worker died over it; what was found to be written counts.',
  unproven: 'The value that it replaced was not certainly sent by us, so it may be an edit.',
  untravelled: 'The value that it replaced never came to the other side, so it may be an edit.',
};

/** Rules that are told by what decided. */
const decidedByRule: Readonly<Record<string, string>> = { restored: 'enforce' };

/** With what decided, where that was logged or planned; nothing for a rule that an earlier version logged and this one does not know. */
export function ruleText(rule: string, policy?: string): string | undefined {
  if (!Object.hasOwn(ruleTexts, rule)) return undefined;
  const text = ruleTexts[rule as Rule];
  const isTold = policy === undefined || policy === rule || policy === decidedByRule[rule];
  return isTold || !Object.hasOwn(decidedTexts, policy) ? text : `${text} ${decidedTexts[policy]}`;
}

/** Why a refused value is left alone, and what makes it be tried again. */
export const parkedTexts: Readonly<Record<ParkedField['reason'], string>> = {
  'too-long': 'The value is longer than the other side can hold; another value, or a longer field, is tried.',
  'unmapped-list-item': 'The list item has no counterpart on the other side; it is tried once it has one.',
  'not-convertible': 'The value cannot be kept by the type of the other field; another value is tried.',
  'not-transformable':
    'The transform of the mapping leaves nothing of this value, or could not be taken back; another value is tried.',
  'read-only': 'The field on the other side is read-only; it is tried once it may be written.',
  'refused-by-system':
    'The other system refused the value; another value is tried, or this one when a person retries it.',
};

/** A break is of no field. */
export type FieldActKind = Exclude<ActKind, 'breaks'>;

const actTexts: Readonly<Record<FieldActKind, string>> = {
  blanks: 'a blank would replace a value',
  uniform: 'one and the same text would replace many different ones',
  swaps: "fields of the record would get one another's values",
  refusals: 'what is written there was refused link after link',
};

/** Why a write was left out; said of the last look, for what stood in its way may be gone by now. */
export function withheldText(kind: FieldActKind, { reason }: Pick<WithheldAct, 'reason'>): string {
  if (reason === 'not-readable') {
    return 'The last look withheld it: a value is blank to us that our user may not read, so the blank proves nothing.';
  }
  const why = reason === 'braked' ? 'a brake stood on the connection for that' : 'the allowance for that was used up';
  const tries = kind === 'refusals' ? ', and one link an hour tries for all' : '';
  return `The last look withheld it: ${actTexts[kind]}, and ${why}. It is looked at again within the hour${tries}.`;
}
