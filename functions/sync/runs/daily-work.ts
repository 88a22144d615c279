/**
 * What the first poll of a UTC day starts besides. Always true: where a list may miss edits it is a comparison, which reads
 * every record of both sides and so finds what is gone too; a sweep only where no other work of the day does. Pure, so a
 * crash leaves nothing. Attacked by test/sync/sweep.test.ts and test/sync/dispatch-poll.test.ts.
 */
import type { BySide } from '../../core/model/by-side.ts';
import type { ConnectionActivity } from '../../core/model/connection.ts';
import type { Capabilities } from '../../ports/record-system.ts';

/** Nothing where there is none, or it was started today. `today`: `YYYY-MM-DD`. */
export function dailyWork(
  { crm, erp }: BySide<Capabilities>,
  { lastComparedDay, lastSweptDay }: ConnectionActivity,
  today: string,
): 'compare' | 'sweep' | undefined {
  if (crm.listMayMissEdits || erp.listMayMissEdits) return lastComparedDay === today ? undefined : 'compare';
  const missesDeletes = crm.listMissesDeletes || erp.listMissesDeletes;
  return missesDeletes && lastSweptDay !== today ? 'sweep' : undefined;
}
