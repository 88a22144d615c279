import type { ErrorKind } from '../errors.ts';
import type { Failure, FieldTrouble } from '../model/failure.ts';
import type { FieldReason, OwnReason } from '../model/failure-reason.ts';

/** What mends a trouble of which no more is known than its kind; one sentence each, for people, without any word of a system. */
const byKind: Readonly<Record<ErrorKind, string>> = {
  transient: 'The system did not answer: see that it runs and can be reached; it is tried again by itself.',
  throttled:
    'The system asks for patience, and it is tried again by itself: see that others leave it room for our calls.',
  unauthorised: 'The system refuses to let us in: enter credentials that it takes in the settings of that system.',
  misconfigured:
    'Something is set up in the system, or in the connection, that does not fit: put right what `explanation` says.',
  rejected: 'The system refuses the record: change there what `explanation` says, then retry.',
  stale: 'The record is being edited all the time: let it rest, and it is tried again by itself.',
  missing: 'A record is gone: bring it back in its system, or disconnect the link.',
  'unknown-outcome': 'The answer to a write was lost: what came of it is found out by itself, so wait.',
  defect:
    'This is a fault of the synchronisation itself: retry, and if it comes again tell who operates it, with the id.',
  invalid: 'This is a fault of the synchronisation itself: tell who operates it, with the id.',
  unauthenticated: 'The system refuses to let us in: enter credentials that it takes in the settings of that system.',
  forbidden:
    'The user of the connection has not the right that this needs: give it in the system; it is tried again by itself.',
  'not-found': 'What it is about is no longer there: dismiss it.',
  conflict: 'A person has to decide: resolve the conflict (`/v1/conflicts`).',
  precondition: 'Something was changed meanwhile: retry.',
  'precondition-required': 'This is a fault of the synchronisation itself: tell who operates it, with the id.',
  'too-large': 'The record has more than can be carried: shorten its texts, or map fewer fields.',
  'too-many-requests': 'Too much is asked at once, and it is tried again by itself: wait.',
  'out-of-time': 'It took longer than there was time, and it is tried again by itself: wait, or retry.',
};

/** Where the kind says better what is wrong, the reason tells what to do once that is mended. */
const afterKind: Readonly<Partial<Record<OwnReason, string>>> = {
  'connection-suspended': 'Then test the connection, which activates it again: a retry does that.',
  'actor-type-suspended': 'Then test the connection, which takes this actor type up again: a retry does that.',
  'changes-not-listed': 'Its list of changes is then read on from where it stopped.',
};

const gone = (of: string) =>
  `Bring the ${of} back in its system and the link goes on by itself, else disconnect the link; nothing was deleted on the other side.`;
const merged = (of: string) =>
  `Move the link to the ${of} that took its place (\`POST /v1/links/{id}/move\`), or disconnect it.`;
const archived = (of: string) => `Take the ${of} into use again in its system and the link goes on by itself.`;
const brake =
  'Look at what the brake of the connection withholds, then answer the run that it stopped: `continue` lets it through, `drop` holds it';

const byReason: Readonly<
  Record<Exclude<OwnReason, 'connection-suspended' | 'actor-type-suspended' | 'changes-not-listed'>, string>
> = {
  'crm-record-gone': gone('record of the CRM'),
  'erp-actor-gone': gone('actor of the ERP'),
  'crm-record-merged': merged('record of the CRM'),
  'erp-actor-merged': merged('actor of the ERP'),
  'crm-record-archived': archived('record of the CRM'),
  'erp-actor-archived': archived('actor of the ERP'),
  'erp-actor-outside-filter':
    'Change the actor, or the record filter of its type, so that the filter takes it: the link then goes on by itself.',
  dropped: gone('record that is missing'),
  'always-stale':
    'Its records are edited by somebody else during every look: let them rest, or find what writes them all the time.',
  'always-refused':
    'The system refuses the record without naming a field: save it by hand in that system, put right what it asks for, then retry.',
  'fields-left-alone': 'Each of `fields` says what mends it; the other fields of the link are synchronised.',
  'clock-stepped-back':
    "The system's clock stood back by over a day: see that it is right now, then retry; its list goes on from now, and every link is compared.",
  'cursor-not-accepted': 'Nothing is to be done: the list goes on from now, and every link is compared.',
  'secret-needed': 'Its Sync Connector has moved: enter the secrets of the connection again (`PATCH` its `config`).',
  'sign-in-paused':
    'The system lets nobody in for now: it is tried again at `nextAttemptAt`; entering credentials that it takes ends the wait at once.',
  'fields-drifted':
    'Change what no longer fits in the mapping of the types named and save it; retry looks at the systems again, dismiss with the `fields` that it names accepts how they are now.',
  'right-missing':
    'Give the user of the connection the right to read the fields that `explanation` names, or answer the stopped run with `drop`.',
  'braked-blanks': `${brake}; where the blanks are a mistake, put the values back first.`,
  'braked-breaks': `${brake}; where the records were deleted by mistake, bring them back first.`,
  'braked-uniform': `${brake}; where the same text in all of them is a mistake, take it back first.`,
  'braked-swaps': `${brake}; where columns were swapped by mistake, put them right first.`,
  'braked-refusals':
    'Let the system take what `explanation` names (a right, a rule of it, the mapping): one link an hour tries for all, and the rest follows once one is taken.',
  'breaker-open':
    'The system fails or is too slow, and is left alone for a while: see that it runs; it is tried again by itself.',
};

const ofField: Readonly<Record<FieldReason, string>> = {
  'too-long': 'Shorten the value, or make the field that it goes to longer.',
  'unmapped-list-item':
    'Map the list item (`PUT /v1/connections/{id}/list-mappings`): the links that wait for it then go on by themselves.',
  'not-convertible': 'Change the value to one that the other field can hold, or map the field to another.',
  'not-transformable': 'Change the value, or the transform of its row in the mapping.',
  'read-only': 'Let the field be written in its system, or change the direction of its row in the mapping.',
  'refused-by-system':
    'Change the value to one that the system takes, or put right there what `explanation` says, then retry.',
  asked: 'Resolve the conflict (`/v1/conflicts`): keep a side, or enter a value.',
  'choice-void':
    'A value moved after it was chosen: resolve the conflict (`/v1/conflicts`), or retry and the policy decides.',
  'decision-refused': 'What was decided is not taken: resolve the conflict (`/v1/conflicts`) with another value.',
  'reformatted-in-turn':
    'Both systems re-format the value in turn: resolve the conflict (`/v1/conflicts`), or stop one of them from doing so and retry.',
  dropped:
    'It is held because a brake was answered so: change the value on either side, or resolve it (`/v1/conflicts`).',
  'drift-gone': 'The system has the field no longer: take it out of the mapping, or dismiss this and it is left out.',
  'drift-type': 'The field is of another type now: look at its row, and save the mapping.',
  'drift-list': 'The field is of another list now: look at its row, save the mapping and map the items of the list.',
  'drift-shorter': 'Less fits in the field now: make it longer again, or dismiss this; longer values are left alone.',
  'drift-longer': 'More fits in the field now: nothing is to be done.',
  'drift-read-only':
    'The field cannot be written any more: give the user of the connection that right, or change the direction of its row, and save the mapping.',
  'drift-mandatory': 'The field takes no blank any more: fill it in where it is blank, or dismiss this.',
};

/** What another version stored may have a reason that this one does not know. */
function of<Key extends string>(texts: Readonly<Partial<Record<Key, string>>>, key: string): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key as Key] : undefined;
}

/** What mends a failure. */
export function remedyOf({ kind, reason }: Pick<Failure, 'kind' | 'reason'>): string {
  const after = of(afterKind, reason);
  return of(byReason, reason) ?? (after === undefined ? byKind[kind] : `${byKind[kind]} ${after}`);
}

/** What mends one of its fields. */
export function remedyOfField({ kind, reason }: Pick<FieldTrouble, 'kind' | 'reason'>): string {
  return of(ofField, reason) ?? byKind[kind];
}
