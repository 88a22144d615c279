/**
 * A person decides a held field. Always true: the decision is on the values that the person saw, and it is carried out only
 * while they are still there; it is stored with a due item, so that a crash before its run is made good by the next poll.
 * Attacked by test/features/conflicts/conflicts.test.ts.
 */
import { invalid, SyncError } from '../../core/errors.ts';
import { fieldGroups } from '../../core/mapping/field-groups.ts';
import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import { isMapped, type MappedField } from '../../core/mapping/mapping.ts';
import { sawValue } from '../../core/merge/chosen.ts';
import { choiceFingerprint } from '../../core/merge/plan-group.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import { dueOf } from '../../core/model/due.ts';
import { type Choice, fieldKey, isLive, type Link } from '../../core/model/link.ts';
import type { Run } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import { convertTo } from '../../core/values/convert.ts';
import type { Value } from '../../core/values/value.ts';
import { type LinkRead, type NotRead, readBoth, readOf } from '../../sync/look/read-both.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { refusalOfRead, refusalText } from '../links/link-refusal.ts';
import { activeContext } from '../links/pairs.ts';
import { runOverLinks } from '../runs/run-over-links.ts';
import { conflictId } from './list-conflicts.ts';

/** The side to keep, or a value in the form of the CRM. */
export type Resolution = { readonly keep: Side } | { readonly value: Value };

interface HeldOf {
  readonly link: Link;
  readonly field: string;
}

async function heldField(app: Application, tenantId: string, id: string): Promise<HeldOf> {
  const [linkId = ''] = id.split('.', 1);
  const link = found(await app.links.get(tenantId, linkId), 'conflict', id);
  const states = Object.entries(link.fieldStates);
  const [field] = found(
    states.find(([key, state]) => state.held && conflictId(link.id, key) === id),
    'conflict',
    id,
  );
  if (!isLive(link.state)) throw new SyncError('conflict', `The link is ${link.state}: nothing is written.`);
  return { link, field };
}

/** Both values as they are now; SyncError `conflict` if they are not those that the conflict is shown with. */
function valuesSeen(read: LinkRead | NotRead, { link, field }: HeldOf, mapped: MappedField): BySide<Value> {
  const refusal = refusalOfRead(read);
  if ('error' in read) throw read.error;
  if (refusal) throw new SyncError('conflict', `${refusalText(refusal)}.`);
  const now = bySide((side) => read.records[side]?.values[mapped[side].key] ?? null);
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
    crm: convertTo('crm', { ...mapped, erp: mapped.crm, listPairs: items }, value),
    erp: convertTo('erp', mapped, value),
  };
  return bySide((side) => {
    const form = forms[side];
    if (form.ok) return form.value;
    throw refuse(`${refusals[form.reason]} (${side})`);
  });
}

function choiceOf(resolution: Resolution, mapped: MappedField, isPart: boolean, { crm, erp }: BySide<Value>): Choice {
  const choice = { fingerprint: choiceFingerprint(crm, erp), resolves: true };
  if ('keep' in resolution) return { ...choice, side: resolution.keep };
  const entered = { to: bothForms(mapped, isPart, resolution.value), saw: sawValue(crm, erp) };
  return { ...choice, side: 'crm', entered };
}

/** Stores the decision and looks at the link at once; SyncError `conflict` if a value moved or the link was written. */
export async function resolveConflict(
  app: Application,
  { tenantId, caller }: Caller,
  id: string,
  resolution: Resolution,
): Promise<Run> {
  const held = await heldField(app, tenantId, id);
  const { link, field } = held;
  const { connectionId } = link;
  const context = await activeContext(app, tenantId, connectionId);
  const mapping = mappedFields(context.setup, link.ends.erp.type);
  const mapped = mapping.find((one) => fieldKey(one) === field);
  if (!mapped) throw new SyncError('conflict', 'The field is no longer mapped.');
  const isPart = fieldGroups(mapping.filter(isMapped)).some((group) => group.length > 1 && group.includes(mapped));
  const seen = valuesSeen(readOf(await readBoth(app, context, [link]), link), held, mapped);
  const choice = choiceOf(resolution, mapped, isPart, seen);
  const { [field]: _held, ...fieldStates } = link.fieldStates;
  const stored = await app.links.record({
    before: link,
    after: { ...link, fieldStates, choices: { ...link.choices, [field]: choice } },
    staysDue: dueOf(link, app.runtime.newId()),
  });
  if (stored === 'superseded') throw new SyncError('conflict', 'The link is being changed: look again.');
  return runOverLinks(app, { tenantId, connectionId, linkIds: [link.id], trigger: { by: 'user', caller } });
}
