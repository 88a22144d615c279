/**
 * Every mapped field of a link: its value on both sides now, what was last agreed, how it stands and why, and the change
 * that made it so. It only reads: what it shows of the next look is that look's own plan.
 */
import { type FieldSituation, fieldSituation } from '../../core/explain/field-situation.ts';
import { withoutWithheld } from '../../core/explain/without-withheld.ts';
import { fieldValue } from '../../core/mapping/field-value.ts';
import { actorTypeOf, mappedFields } from '../../core/mapping/mapped-fields.ts';
import type { MappedField } from '../../core/mapping/mapping.ts';
import { type CrmWriter, writerOf } from '../../core/merge/crm-writers.ts';
import type { Plan } from '../../core/merge/plan.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import { isSetAside } from '../../core/model/connection-setup.ts';
import { fieldKey, isLive, type Link, pairOf } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { isEngineStopped } from '../../core/model/tenant.ts';
import type { Value } from '../../core/values/value.ts';
import { resyncOfLink } from '../../sync/look/pass-on.ts';
import { planRead } from '../../sync/look/plan-read.ts';
import { standingOf } from '../../sync/look/standing.ts';
import type { StoredEnds } from '../../sync/open-ends.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { conflictId } from '../conflicts/list-conflicts.ts';
import { found } from '../found.ts';
import { cutExplanation } from './cut-explanation.ts';
import { changeView, unchangedView } from './last-changes.ts';
import { crmWritersNow, type LinkToExplain } from './link-to-explain.ts';
import { readEachSide, type SideNow } from './read-each-side.ts';

interface Known {
  readonly link: Link;
  readonly stored: StoredEnds;
  readonly now: BySide<SideNow>;
  /** The other connections that wrote the CRM record. */
  readonly crmWriters: readonly CrmWriter[];
  /** Those of them that the caller may know of. */
  readonly told: ReadonlySet<string>;
}

/** What the next look would do; nothing where a side could not be read, a record is not live, or the link is not. */
function planOf({ link, stored, now: { crm, erp }, crmWriters }: Known, nowMs: number): Plan | undefined {
  const { setup, tenant } = stored;
  if (!isLive(link.state) || !setup || !tenant) return undefined;
  if (!crm.record || !erp.record || !crm.capabilities || !erp.capabilities) return undefined;
  const records = { crm: crm.record, erp: erp.record };
  const clockErrors = { crm: crm.clockErrorMs, erp: erp.clockErrorMs };
  const read = { records, clockErrorMs: clockErrors, readAtMs: { crm: 0, erp: 0 } };
  if (standingOf(link, read).state !== 'live') return undefined;
  const context = {
    setup,
    policy: setup.connection.conflictPolicy ?? tenant.defaultConflictPolicy,
    capabilities: { crm: crm.capabilities, erp: erp.capabilities },
  };
  const resync = resyncOfLink(undefined, link, nowMs);
  const plan = planRead(context, link, { records, clockErrorMs: clockErrors, crmWriters, resync });
  return withoutWithheld(plan, link);
}

/** Why no look writes this link at all now, as a stable word. */
function whyNotSynced(nowMs: number, { link, stored: { setup, tenant } }: Known): string | undefined {
  if (!isLive(link.state)) return `link-${link.state}`;
  if (setup && setup.connection.state !== 'active') return `connection-${setup.connection.state}`;
  if (isEngineStopped(tenant)) return 'engine-stopped';
  const type = setup && actorTypeOf(setup, link.ends.erp.type);
  if (!type?.active) return 'actor-type-inactive';
  return isSetAside(type, nowMs) ? 'actor-type-set-aside' : undefined;
}

function sideView({ link, now }: Known, side: Side) {
  const { record, trouble } = now[side];
  return {
    type: link.ends[side].type,
    key: link.ends[side].key,
    standing: record?.standing?.kind ?? (record && 'live'),
    trouble,
  };
}

function shown(now: SideNow, mapped: MappedField[Side], value: Value) {
  return { value, text: now.textOf(mapped, value) };
}

function textNow(now: SideNow, mapped: MappedField[Side], value: Value | undefined): string | undefined {
  return value === undefined ? undefined : now.textOf(mapped, value);
}

/** On one side now; nothing where that could not be read. */
function valueNow(now: SideNow, mapped: MappedField, side: Side): Value | undefined {
  return now.record ? fieldValue(mapped, side, now.record.values) : undefined;
}

function nextView({ now }: Known, mapped: MappedField, next: FieldSituation['next']) {
  return next && { side: next.side, rule: next.rule, ...shown(now[next.side], mapped[next.side], next.value) };
}

function fieldView(known: Known, mapped: MappedField, plan: Plan | undefined) {
  const { link, now, crmWriters, told } = known;
  const field = fieldKey(mapped);
  const values = bySide((side) => valueNow(now[side], mapped, side));
  const fieldPlan = plan?.fields.find((one) => one.field === field);
  const { next, ...situation } = fieldSituation({ link, mapped, now: values, plan: fieldPlan });
  const view = (side: Side) => {
    const value = values[side];
    return value === undefined ? undefined : shown(now[side], mapped[side], value);
  };
  const { agreed, held } = link.fieldStates[field] ?? {};
  const writer = values.crm === undefined ? undefined : writerOf(crmWriters, mapped.crm.key, values.crm)?.connectionId;
  return {
    erpField: mapped.erpField,
    erpLabel: mapped.erp.label,
    crmField: mapped.crmField,
    crmLabel: mapped.crm.label,
    direction: mapped.direction,
    enforce: mapped.enforce,
    noBlanks: mapped.noBlanks,
    transform: mapped.transform,
    constant: mapped.constant,
    crm: view('crm'),
    erp: view('erp'),
    lastAgreed: agreed && bySide((side) => shown(now[side], mapped[side], agreed[side])),
    ...situation,
    /** The other connection whose value stands in the CRM now. */
    crmValueOf: writer !== undefined && told.has(writer) ? writer : undefined,
    next: nextView(known, mapped, next),
    conflictId: held && conflictId(link.id, field),
  };
}

export async function explainLink(app: Application, caller: Caller, toExplain: LinkToExplain, language?: string) {
  const { link, stored, failure, log } = toExplain;
  const linkId = link.id;
  const setup = found(stored.setup, 'connection', link.connectionId);
  const mapping = mappedFields(setup, link.ends.erp.type);
  const now = await readEachSide(
    app,
    stored,
    link,
    bySide((side) => mapping.map((mapped) => mapped[side])),
    language,
  );
  const known = { link, stored, now, ...(await crmWritersNow(app, caller, toExplain)) };
  const nowMs = app.runtime.nowMs();
  const plan = planOf(known, nowMs);
  const fields = mapping.map((mapped) => {
    const field = fieldKey(mapped);
    const change = log.byField.get(field);
    const trouble = failure?.fields.find((one) => one.field === field);
    return {
      ...fieldView(known, mapped, plan),
      failureId: trouble && failure?.id,
      explanation: trouble?.explanation,
      why: change
        ? { change: changeView(change, log.runs, (_, side, value) => textNow(now[side], mapped[side], value)) }
        : { unchanged: unchangedView({ link, field, more: log.more, tenant: stored.tenant, nowMs }) },
    };
  });
  return {
    linkId,
    connectionId: link.connectionId,
    ...pairOf(link),
    state: link.state,
    stateReason: link.stateReason,
    notSynced: whyNotSynced(nowMs, known),
    lastSyncedAt: link.lastSyncedAt,
    erasedAt: link.erasedAt,
    failure: failure && { id: failure.id, reason: failure.reason, explanation: failure.explanation },
    sides: bySide((side) => sideView(known, side)),
    fields: cutExplanation(fields),
  };
}
