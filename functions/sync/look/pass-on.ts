/**
 * What one connection writes to the CRM is a change for the others. Always true: their links become due in the transaction
 * that records the write, so a crash leaves both or an intent, whose settling makes them due; where a person waits, they are
 * looked at at once. Attacked by test/property/several-connections.test.ts and test/sync/several-connections.test.ts.
 */
import { asSyncError } from '../../core/errors.ts';
import { type LinkOfCrmRecord, type SentValues, sentMark } from '../../core/model/crm-record.ts';
import type { FieldChange } from '../../core/model/field-change.ts';
import { isWatched, type Link } from '../../core/model/link.ts';
import type { Resync, Run } from '../../core/model/run.ts';
import { sameValue, type Value, type Values } from '../../core/values/value.ts';
import type { RecordStep } from '../../ports/links.ts';
import type { Engine } from '../engine.ts';
import { startRun } from '../runs/start-run.ts';
import type { Look, LookRound } from './look.ts';
import { noOtherLinks, type OtherLinks } from './other-links.ts';

/** All that the connection last sent to the record, with these values, by CRM field; nothing if there are none. */
export function alsoSent(
  { sent }: OtherLinks,
  values: readonly (readonly [field: string, value: Value])[],
): SentValues | undefined {
  if (values.length === 0) return undefined;
  return { ...sent, ...Object.fromEntries(values.map(([field, value]) => [field, sentMark(value)])) };
}

/** The look's run is a resync that goes on to the links of others, and there are some. */
export function goesOnToOthers({ toOthers, others }: LookRound, { id }: Link): boolean {
  return toOthers && (others.get(id)?.links.length ?? 0) > 0;
}

/** The resync that a link is planned in: that of the run, or one that has come to it through its CRM record. */
export function resyncOfLink({ resync }: Pick<Look, 'resync'>, { resyncsFromCrm }: Link): Resync | undefined {
  return resync ?? (resyncsFromCrm && { winner: 'crm', ...resyncsFromCrm });
}

/** What was written, what had been sent to the CRM for it, and whether the others are to be resynchronised from there. */
interface Told {
  readonly changes: readonly FieldChange[];
  readonly wasSent: Values;
  readonly resyncs?: Link['resyncsFromCrm'];
}

/** What the record of a look tells the other links of its CRM record. */
export function toldOthers(
  { runtime }: Pick<Engine, 'runtime'>,
  after: Link,
  others: OtherLinks = noOtherLinks,
  { changes, wasSent, resyncs }: Told,
): Pick<RecordStep, 'makesDue' | 'sent' | 'resyncs'> {
  const made = changes.filter(
    ({ side, outcome }) => side === 'crm' && (outcome === 'written' || outcome === 'settled'),
  );
  if ((made.length === 0 && !resyncs) || others.links.length === 0) return {};
  // In another form too: a value is known again by its mark alone.
  const otherwise = made.filter(({ crmField, newValue }) => !sameValue(newValue, wasSent[crmField]));
  return {
    makesDue: others.links.map((link) => ({ ...link, sequence: runtime.newId() })),
    resyncs,
    // A disconnected link has left the record's list.
    sent: isWatched(after.state)
      ? alsoSent(
          others,
          otherwise.map(({ crmField, newValue }) => [crmField, newValue]),
        )
      : undefined,
  };
}

/** Looks at the links that a run made due where somebody waits for it; what cannot be looked at now stays due. */
export async function lookAtOthers(engine: Engine, run: Run, links: readonly LinkOfCrmRecord[]): Promise<void> {
  if (!run.interactive || links.length === 0) return;
  for (const [connectionId, group] of Map.groupBy(links, (link) => link.connectionId)) {
    const linkIds = [...new Set(group.map(({ linkId }) => linkId))];
    try {
      await startRun(engine, {
        tenantId: run.tenantId,
        connectionId,
        kind: 'sync',
        scope: { kind: 'links', linkIds },
        linkIds,
        trigger: { by: 'connection', caller: run.trigger.caller },
        forced: run.forced,
      });
    } catch (failure) {
      // Switched off, stopped or deleted.
      const { kind } = asSyncError(failure);
      if (kind !== 'conflict' && kind !== 'not-found') throw failure;
    }
  }
}
