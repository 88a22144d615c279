/**
 * What one connection writes to the CRM is a change for the others. Always true: their links become due in the transaction
 * that records the write, so a crash leaves both or an intent, whose settling makes them due; where a person waits, they are
 * looked at at once. Attacked by test/property/several-connections.test.ts and test/sync/several-connections.test.ts.
 */
import { asSyncError } from '../../core/errors.ts';
import { writesSide } from '../../core/mapping/writes-side.ts';
import type { Rule } from '../../core/merge/field-plan.ts';
import type { Plan } from '../../core/merge/plan.ts';
import { type LinkOfCrmRecord, type SentValues, sentMark } from '../../core/model/crm-record.ts';
import type { FieldChange } from '../../core/model/field-change.ts';
import { isWatched, type Link } from '../../core/model/link.ts';
import type { Resync, Run } from '../../core/model/run.ts';
import { agrees } from '../../core/values/convert.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Value, Values } from '../../core/values/value.ts';
import type { RecordStep } from '../../ports/links.ts';
import type { Engine } from '../engine.ts';
import { withLiveMessage } from '../runs/live-messages.ts';
import { startRun } from '../runs/start-run.ts';
import type { LookRound } from './look.ts';
import type { OtherLinks } from './other-links.ts';

function marksOf(values: readonly (readonly [field: string, value: Value])[]): SentValues {
  return Object.fromEntries(values.map(([field, value]) => [field, sentMark(value)]));
}

/** What a person chose or entered is theirs, through whatever connection it comes to the CRM. */
const personsRules: readonly string[] = ['chosen-at-connect', 'resolved', 'resolving'] satisfies Rule[];

/** All that the connection last sent to the record, with what the plan sends, by CRM field; nothing if it sends nothing. */
export function alsoSent({ sent }: OtherLinks, { fields }: Plan): SentValues | undefined {
  const own = fields.flatMap(({ mapped, rule, write }) =>
    write?.side === 'crm' && !personsRules.includes(rule) ? [[mapped.crm.key, write.value] as const] : [],
  );
  return own.length === 0 ? undefined : { ...sent, ...marksOf(own) };
}

/** A resync that has not come to a link by then (it was paused, its connection switched off) is not made later by surprise. */
const lapsesAfterMs = 7 * 24 * 3_600_000;

/** The look's run is a resync that goes on to the links of others, and there are some. */
export function goesOnToOthers({ toOthers, others }: LookRound, { id }: Link): boolean {
  return toOthers && (others.get(id)?.links.length ?? 0) > 0;
}

/** The resync that a link is planned in: that of the run, or one that has come to it through its CRM record. */
export function resyncOfLink(
  resync: Resync | undefined,
  { resyncsFromCrm: asked }: Link,
  nowMs: number,
): Resync | undefined {
  if (resync || !asked || nowMs - Date.parse(asked.at) > lapsesAfterMs) return resync;
  return { winner: 'crm', noBlanks: asked.noBlanks, fields: asked.fields };
}

/** The CRM fields that hold the ERP's value once the look is over: what was withheld, refused or is held is not among them. */
export function broughtToCrm({ fields }: Plan, changes: readonly FieldChange[]): string[] {
  const written = new Set(changes.filter(({ side }) => side === 'crm').map(({ crmField }) => crmField));
  return fields.flatMap(({ mapped, crm, erp, write }) => {
    const isBrought = written.has(mapped.crm.key) || (!write && agrees(mapped, crm, erp));
    return isBrought && writesSide(mapped.direction, 'crm') ? [mapped.crm.key] : [];
  });
}

/** What a look found or made of the CRM record. */
interface Told {
  readonly changes: readonly FieldChange[];
  /** The marks that the intent came with. */
  readonly intended: SentValues;
  /** What stands there now, as far as it is known. */
  readonly now: Values;
  /** The others are to be resynchronised from there. */
  readonly resyncs?: Link['resyncsFromCrm'];
}

/**
 * The marks that still hold, in the form that the CRM made of what was written; nothing where they stand so already. A value
 * that somebody replaced is its connection's no more, also when it comes again.
 */
function marksThatHold({ sent }: OtherLinks, { changes, intended, now }: Told): SentValues | undefined {
  const made = changes.filter(({ side }) => side === 'crm');
  const written = new Set(made.filter(({ rule }) => !personsRules.includes(rule)).map(({ crmField }) => crmField));
  const persons = new Set(made.filter(({ rule }) => personsRules.includes(rule)).map(({ crmField }) => crmField));
  const stored = { ...sent, ...intended };
  const held = Object.keys(stored).flatMap((field) => {
    const value = now[field];
    if (value === undefined || persons.has(field)) return [];
    const present = sentMark(value);
    // A write that was refused has left what stood there before.
    const isOwn = written.has(field) || present === stored[field] || present === sent[field];
    return isOwn ? [[field, present] as const] : [];
  });
  const holding = Object.fromEntries(held);
  return sameContent(stored, holding) ? undefined : holding;
}

/** What the record of a look tells the other links of its CRM record. */
export function toldOthers(
  { runtime }: Pick<Engine, 'runtime'>,
  after: Link,
  others: OtherLinks | undefined,
  told: Told,
): Pick<RecordStep, 'makesDue' | 'sent' | 'resyncs'> {
  if (!others) return {};
  const changes = told.changes.filter(({ outcome }) => outcome === 'written' || outcome === 'settled');
  const made = changes.filter(({ side }) => side === 'crm');
  // A disconnected link has left the record's list, and its marks with it.
  const sent = isWatched(after.state) ? marksThatHold(others, { ...told, changes }) : undefined;
  if (made.length === 0 && !told.resyncs) return { sent };
  const makesDue = others.links.map((link) => ({ ...link, sequence: runtime.newId() }));
  return { makesDue, resyncs: told.resyncs, sent };
}

/** Links that nobody looks at already and that do not wait for an hour: what was listed meanwhile waits with them. */
async function notUnderWay(engine: Engine, tenantId: string, connectionId: string, linkIds: readonly string[]) {
  const dues = await engine.dueItems.getMany(tenantId, connectionId, linkIds);
  const live = await withLiveMessage(engine, tenantId, dues);
  const now = engine.runtime.now();
  const left = dues.filter(
    (due) => live.has(due) || (due.keepsWait && due.notBefore !== undefined && due.notBefore > now),
  );
  return linkIds.filter((linkId) => !left.some((due) => due.linkId === linkId));
}

/**
 * Looks at the links that a run made due where somebody waits for it; what cannot be looked at now, while the engine is
 * stopped too, stays due. One that a message is under way to is left to that, so that many connections of one record do not
 * start a run for every write of each.
 */
export async function lookAtOthers(engine: Engine, run: Run, links: readonly LinkOfCrmRecord[]): Promise<void> {
  if (!run.interactive || links.length === 0) return;
  const { tenantId } = run;
  for (const [connectionId, group] of Map.groupBy(links, (link) => link.connectionId)) {
    const named = [...new Set(group.map(({ linkId }) => linkId))];
    const linkIds = await notUnderWay(engine, tenantId, connectionId, named);
    if (linkIds.length === 0) continue;
    const scope = { kind: 'links', linkIds } as const;
    const trigger = { by: 'connection', caller: run.trigger.caller } as const;
    try {
      // Part of the run that somebody waits for, not another one.
      const urgency = 'interactive';
      await startRun(engine, { tenantId, connectionId, kind: 'sync', scope, linkIds, trigger, urgency });
    } catch (failure) {
      // Switched off, stopped or deleted.
      const { kind } = asSyncError(failure);
      if (kind !== 'conflict' && kind !== 'not-found') throw failure;
    }
  }
}
