/**
 * What a person decided of a held field, as it is stored with the link. Always true: the decision is on the values that the
 * person saw, and it is carried out only while they are still there; it is stored with a due item, so that a crash before
 * its run is made good by the next poll. Attacked by test/features/conflicts/conflicts.test.ts.
 */
import { invalid, SyncError } from '../../core/errors.ts';
import { fieldGroups } from '../../core/mapping/field-groups.ts';
import { fieldValue } from '../../core/mapping/field-value.ts';
import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import { isMapped, type MappedField } from '../../core/mapping/mapping.ts';
import { sawValue } from '../../core/merge/chosen.ts';
import { choiceFingerprint } from '../../core/merge/plan-group.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import { dueOf } from '../../core/model/due.ts';
import { type Choice, fieldKey, type Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { convertTo } from '../../core/values/convert.ts';
import type { Value } from '../../core/values/value.ts';
import type { LinkRead, NotRead } from '../../sync/look/read-both.ts';
import type { OpenEnds } from '../../sync/open-ends.ts';
import type { Application } from '../application.ts';
import { refusalOfRead, refusalText } from '../links/link-refusal.ts';

/** The side to keep, or a value in the form of the CRM. */
export type Resolution = { readonly keep: Side } | { readonly value: Value };

export interface HeldOf {
  readonly link: Link;
  readonly field: string;
}

/** Both values as they are now; SyncError `conflict` if they are not those that the conflict is shown with. */
function valuesSeen(read: LinkRead | NotRead, { link, field }: HeldOf, mapped: MappedField): BySide<Value> {
  const refusal = refusalOfRead(read);
  if ('error' in read) throw read.error;
  if (refusal) throw new SyncError('conflict', `${refusalText(refusal)}.`);
  const now = bySide((side) => fieldValue(mapped, side, read.records[side]?.values));
  const { heldOn } = link.fieldStates[field] ?? {};
  if (heldOn !== undefined && heldOn !== choiceFingerprint(now.crm, now.erp)) {
    throw new SyncError('conflict', 'One of the values was changed since: start a run of the link and look again.');
  }
  return now;
}

const refusals = {
  'too-long': 'Too long for the field',
  'unmapped-list-item': 'No item of the list, or not mapped to one of the other list',
  'not-convertible': 'Not a value of the type of the field',
  'not-transformable': 'The transform of the mapping cannot be taken back on it',
  'read-only': 'The field is read-only',
  'refused-by-system': 'Refused',
} as const;

/** The value in both forms, checked like any that is written. */
function bothForms(mapped: MappedField, isPart: boolean, value: Value): BySide<Value> {
  const refuse = (message: string) => invalid([{ path: 'value', message }]);
  if (mapped.direction !== 'both') throw refuse('The field goes one way: keep a side, or change it at its source');
  // Its group would be written in part.
  if (isPart) throw refuse('The field is part of a value of several fields: keep a side, or change it in one system');
  const items = Object.fromEntries(Object.values(mapped.listPairs ?? {}).map((item) => [item, item]));
  const forms = {
    crm: convertTo('crm', { ...mapped, erp: mapped.crm, listPairs: items, transform: undefined }, value),
    erp: convertTo('erp', mapped, value),
  };
  return bySide((side) => {
    const form = forms[side];
    if (form.ok) return form.value;
    throw refuse(`${refusals[form.reason]} (${side})`);
  });
}

/** What a conflict was asked with; of one whose decision was refused, what that was made on. */
export function askedOf({ fieldStates, choices }: Pick<Link, 'fieldStates' | 'choices'>, field: string) {
  const { held, agreed } = fieldStates[field] ?? {};
  return held === 'asked' ? { base: agreed } : choices[field]?.asked;
}

/** What was decided on, with the base of a conflict: once it is decided nothing else knows it. */
function decidedOn({ link, field }: HeldOf, { crm, erp }: BySide<Value>) {
  const asked = askedOf(link, field);
  return { fingerprint: choiceFingerprint(crm, erp), resolves: true, asked };
}

function choiceOf(
  resolution: Resolution,
  mapped: MappedField,
  isPart: boolean,
  { held, crm, erp }: BySide<Value> & { readonly held: HeldOf },
): Choice {
  const choice = decidedOn(held, { crm, erp });
  if ('keep' in resolution) return { ...choice, side: resolution.keep };
  const entered = { to: bothForms(mapped, isPart, resolution.value), saw: sawValue(crm, erp) };
  return { ...choice, side: 'crm', entered };
}

/** SyncError `conflict` or `invalid` if it cannot be carried out on the values that are there now. */
export function decisionOn(context: OpenEnds, read: LinkRead | NotRead, held: HeldOf, resolution: Resolution): Choice {
  const mapping = mappedFields(context.setup, held.link.ends.erp.type);
  const mapped = mapping.find((one) => fieldKey(one) === held.field);
  if (!mapped) throw new SyncError('conflict', 'The field is no longer mapped.');
  const isPart = fieldGroups(mapping.filter(isMapped)).some((group) => group.length > 1 && group.includes(mapped));
  return choiceOf(resolution, mapped, isPart, { held, ...valuesSeen(read, held, mapped) });
}

/** What was chosen before, without what stands against a new decision on another part of its group. */
function stillChosen({ setup }: OpenEnds, { ends, choices: before }: Link, choices: ReadonlyMap<string, Choice>) {
  const groups = fieldGroups(mappedFields(setup, ends.erp.type).filter(isMapped)).map((rows) => rows.map(fieldKey));
  const against = Object.entries(before).filter(([field, { side }]) => {
    const parts = groups.find((group) => group.includes(field)) ?? [];
    return parts.some((part) => choices.has(part) && choices.get(part)?.side !== side);
  });
  const gone = new Set(against.map(([field]) => field));
  return Object.fromEntries(Object.entries(before).filter(([field]) => !gone.has(field)));
}

/** By field; SyncError `conflict` if the link was written meanwhile. */
export async function storeDecisions(
  app: Application,
  context: OpenEnds,
  link: Link,
  choices: ReadonlyMap<string, Choice>,
): Promise<void> {
  const others = Object.entries(link.fieldStates).filter(([field]) => !choices.has(field));
  const after = {
    ...link,
    fieldStates: Object.fromEntries(others),
    choices: { ...stillChosen(context, link, choices), ...Object.fromEntries(choices) },
  };
  const staysDue = dueOf(link, app.runtime.newId());
  if ((await app.links.record({ before: link, after, staysDue })) === 'superseded') {
    throw new SyncError('conflict', 'The link is being changed: look again.');
  }
}
