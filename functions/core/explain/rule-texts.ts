import type { Rule } from '../merge/field-plan.ts';
import type { WithheldReason } from '../model/brake.ts';
import type { ParkedField } from '../model/link.ts';

/** Why a field was written, or is left as it is: one sentence a rule, for people, without any value. */
const ruleTexts: Readonly<Record<Rule, string>> = {
  agrees: 'Both sides hold the same.',
  unchanged: 'Nothing changed since both sides last agreed.',
  'changed-in-erp': 'It was changed in the ERP.',
  'changed-in-crm': 'It was changed in the CRM.',
  'changed-on-both':
    'It was changed on both sides, differently, and decided by the direction of the mapping or the policy.',
  'first-sync':
    'Both sides held different values when they were connected, and the direction of the mapping or the policy decided.',
  'first-sync-fills-blank': 'One side was blank when the records were connected, and was filled.',
  'chosen-at-connect': 'A person chose the side to keep when the records were connected.',
  'one-way': 'The mapping writes the other way only, so this value stays where it is.',
  restored: 'It was edited where the mapping writes it, and an enforced field is put back.',
  'choice-void': 'A value moved after a person had chosen the side to keep, so a person has to choose again.',
  'reformatted-in-turn': 'Both systems write the value in a form of their own, in turn: a person has to decide.',
  'part-refused': 'It goes together with another field of one value, which cannot be written.',
  refused: 'The value was refused.',
  asked: 'Both sides changed it differently, and a person is asked.',
  withheld: 'A blank would replace a value, and the allowance for that is used up.',
  dropped: 'A person answered that this blank shall not replace the value.',
  'own-form': 'The system makes a form of its own of this value, as it did before, so both sides stay as they are.',
  resolving: 'A person entered a value for both sides, and one side had it first.',
  resync: 'A resync let the values of one side replace the other side.',
  'blank-kept-back': 'A blank may not replace a value here, so both sides stay as they are.',
  resolved: 'A person decided it.',
};

/** Nothing for a rule that an earlier version logged and this one does not know. */
export function ruleText(rule: string): string | undefined {
  return Object.hasOwn(ruleTexts, rule) ? ruleTexts[rule as Rule] : undefined;
}

/** Why a refused value is left alone, and what makes it be tried again. */
export const parkedTexts: Readonly<Record<ParkedField['reason'], string>> = {
  'too-long': 'The value is longer than the other side can hold; another value, or a longer field, is tried.',
  'unmapped-list-item': 'The list item has no counterpart on the other side; it is tried once it has one.',
  'not-convertible': 'The value cannot be kept by the type of the other field; another value is tried.',
  'read-only': 'The field on the other side is read-only; it is tried once it may be written.',
  'refused-by-system':
    'The other system refused the value; another value is tried, or this one when a person retries it.',
};

export const withheldTexts: Readonly<Record<WithheldReason, string>> = {
  allowance: 'A blank would replace a value, and as many links as one day allows have lost values already.',
  braked: 'A blank would replace a value, and a brake stands on the connection until somebody answers it.',
  'not-readable': 'The value is blank to us, but our user may not read the field, so the blank proves nothing.',
};
