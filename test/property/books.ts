import type { FieldChange } from '../../functions/core/model/field-change.ts';
import { hasEnded } from '../../functions/core/model/run.ts';
import { waitsOf } from '../../functions/core/model/waiting-link.ts';
import { connectionId, tenantId, type World } from './world.ts';

/** Changes that were made; an overtaken write is logged too, but nobody knows whether it was ever there. */
export function wasMade(change: FieldChange): boolean {
  return change.outcome === 'written' || change.outcome === 'settled';
}

function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What a run's counters say against its rows in the log. */
async function wrongCounters(world: World, log: readonly FieldChange[]): Promise<string[]> {
  const faults: string[] = [];
  const runs = await world.runs();
  for (const run of runs) {
    const rows = log.filter((change) => change.runId === run.id && wasMade(change));
    const links = new Set(rows.map((change) => change.linkId)).size;
    const { writtenToCrm, writtenToErp, conflicts, changed, lookedAt } = run.counters;
    const counted = { writtenToCrm, writtenToErp, conflicts };
    const logged = {
      writtenToCrm: rows.filter((change) => change.side === 'crm').length,
      writtenToErp: rows.filter((change) => change.side === 'erp').length,
      conflicts: rows.filter((change) => change.conflict).length,
    };
    if (JSON.stringify(counted) !== JSON.stringify(logged)) {
      faults.push(`run ${run.id} counts ${JSON.stringify(counted)}, its log has ${JSON.stringify(logged)}`);
    }
    if (changed !== links) faults.push(`run ${run.id} counts ${changed} of ${links} links as changed`);
    if (changed > lookedAt) faults.push(`run ${run.id} changed ${changed} links and looked at ${lookedAt}`);
    const open = hasEnded(run.state) ? (await world.quiet.runs.openChunks(run.tenantId, run.id)).length : 0;
    if (open > 0) faults.push(`run ${run.id} has ended with ${open} chunks open`);
  }
  const known = new Set(runs.map((run) => run.id));
  for (const { id, runId } of log) if (!known.has(runId)) faults.push(`change ${id} names run ${runId}: there is none`);
  return faults;
}

/** Every write is in the log, and nothing is in the log that was not written. */
function wrongLog(world: World, log: readonly FieldChange[]): string[] {
  const written = (['crm', 'erp'] as const).flatMap((side) =>
    world[side].written.flatMap(({ key, values }) =>
      Object.entries(values).map(([field, value]) => ({ field: `${side} ${key} ${field.toLowerCase()}`, value })),
    ),
  );
  const fieldOf = (change: FieldChange) => {
    const key = change.side === 'crm' ? change.crmKey : change.erpKey;
    return `${change.side} ${key} ${change.crmField}`;
  };
  const writes = tally(written.map(({ field, value }) => `${field}=${value}`));
  const rows = tally(log.filter(wasMade).map((change) => `${fieldOf(change)}=${change.newValue}`));
  const unclear = tally(log.filter((change) => !wasMade(change)).map(fieldOf));
  // That a blank is there does not say whose: a person may have made it in place of a write that never landed.
  const blanks = tally(
    log
      .filter(({ outcome, newValue }) => outcome === 'settled' && newValue === null)
      .map((change) => `${fieldOf(change)}=null`),
  );
  const faults: string[] = [];
  for (const [row, count] of rows) {
    if (count > (writes.get(row) ?? 0) + (blanks.get(row) ?? 0)) faults.push(`${row} is logged ${count} times`);
  }
  const missing = [...writes].flatMap(([write, count]) =>
    Array.from({ length: Math.max(0, count - (rows.get(write) ?? 0)) }, () => write),
  );
  for (const [field, count] of tally(missing.map((write) => write.slice(0, write.indexOf('='))))) {
    if (count > (unclear.get(field) ?? 0)) faults.push(`${field} was written ${count} times more than is logged`);
  }
  return faults;
}

/** The index of who waits for list items says what the links remember. */
async function wrongWaits(world: World): Promise<string[]> {
  const { links } = await world.quiet.waitingLinks.all(tenantId, connectionId);
  const told = new Map(links.map(({ linkId, waits }) => [linkId, JSON.stringify(waits)]));
  return (await world.links()).flatMap((link) => {
    const waits = waitsOf(link);
    const known = told.get(link.id) ?? '[]';
    return link.connectionId !== connectionId || known === JSON.stringify(waits)
      ? []
      : [`link ${link.id} waits for ${JSON.stringify(waits)}, and is listed with ${known}`];
  });
}

/** Where the counters of the runs, the log and the two systems tell of different writes, or links and the index of those that wait of different waits; exact, whatever faults there were. */
export async function bookFaults(world: World): Promise<string[]> {
  const log = await world.log();
  return [...(await wrongCounters(world, log)), ...wrongLog(world, log), ...(await wrongWaits(world))];
}
