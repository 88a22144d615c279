/**
 * A worker that dies at one port call: before its effect or after it, everything it does at the same time with it. The
 * clock moves with every call and goes on before the queue delivers its message again, if it ever does.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { hasEnded } from '../../functions/core/model/run.ts';
import type { Value } from '../../functions/core/values/value.ts';
import { bookFaults, wasMade } from '../property/books.ts';
import { connectionId, type FieldSpec, tenantId, World, type WorldOptions } from '../property/world.ts';

/** When the message of a dead worker is delivered again: while its lease is alive, after it, or never. */
export const redeliveries = [5_000, 300_000, Number.POSITIVE_INFINITY] as const;

const callMs = 40;

interface Worker {
  dead: boolean;
  /** Where it dies; by default at the call that the attack is about. */
  readonly diesAt?: (what: string) => boolean;
}

/** A world, and what is done in it under attack: each step by a worker of its own. */
export class Attack {
  readonly world: World;
  calls = 0;
  where = '';
  /** The death came while a message was handled: the queue has that message still. */
  heldMessage = false;
  private readonly dieAt: number;
  private readonly redeliveredAfterMs: number;
  private readonly current = new AsyncLocalStorage<Worker>();
  private died: () => void = () => {};

  constructor(options: Omit<WorldOptions, 'gate'>, dieAt: number, redeliveredAfterMs: number) {
    this.dieAt = dieAt;
    this.redeliveredAfterMs = redeliveredAfterMs;
    this.world = new World({ ...options, gate: (what) => this.gate(what) });
  }

  private async gate(what: string): Promise<void> {
    const worker = this.current.getStore();
    if (!worker) return;
    if (worker.dead) return new Promise(() => {});
    this.world.nowMs += callMs;
    if (worker.diesAt) {
      if (!worker.diesAt(what)) return;
    } else {
      this.calls += 1;
      if (this.calls !== this.dieAt) return;
      this.where = what;
    }
    worker.dead = true;
    this.died();
    return new Promise(() => {});
  }

  /** One worker's work; whether it lived to the end of it. Nobody repeats it. */
  async step(work: () => Promise<unknown>, diesAt?: (what: string) => boolean): Promise<boolean> {
    const death = new Promise<false>((resolve) => {
      this.died = () => resolve(false);
    });
    const worker = { dead: false, ...(diesAt && { diesAt }) };
    return this.current.run(worker, () => Promise.race([work().then(() => true), death]));
  }

  async poll(): Promise<void> {
    await this.step(() => this.world.poll(this.world.engine));
  }

  async drain(): Promise<void> {
    const { world } = this;
    for (let step = 0; world.messages.length > 0; step += 1) {
      if (step > 500) throw new Error('the queue does not run dry');
      const [first] = world.ready();
      if (!first) {
        world.nowMs = Math.min(...world.messages.map((queued) => queued.readyAtMs));
        continue;
      }
      const handled = await this.step(() => world.handle(first));
      world.acknowledge(first);
      if (handled) continue;
      this.heldMessage = true;
      const readyAtMs = world.nowMs + this.redeliveredAfterMs;
      if (Number.isFinite(readyAtMs)) world.messages.push({ ...first, readyAtMs });
    }
  }
}

export interface Scenario {
  readonly name: string;
  readonly options: Omit<WorldOptions, 'gate'>;
  /** How many fields of each side are written, deaths or none. */
  readonly writes: { readonly crm: number; readonly erp: number };
  /** What people did, and what faults left, before anybody dies. */
  readonly before: (attack: Attack) => Promise<void>;
  readonly attacked: (attack: Attack) => Promise<void>;
}

function recordsOf(world: World, fields: readonly FieldSpec[]) {
  return Array.from({ length: world.options.links }, (_, at): Record<string, [Value, Value]> => {
    const crm = world.crm.valuesOf('contact', `c${at}`);
    const erp = world.erp.valuesOf('party', `e${at}`);
    return Object.fromEntries(
      fields.map(({ name }) => [name, [crm[name] ?? null, erp[name.toUpperCase()] ?? null] as [Value, Value]]),
    );
  });
}

/**
 * Everything that must be as if nobody had died. Left out, for a death may change it: which run did the work, and how
 * often it looked (`lookedAt`, `changed`, calls); when, by which ids and in which order; that a write is logged as found
 * there (`settled`, with that word for its policy) instead of `written`.
 */
async function endState(world: World) {
  const log = await world.log();
  const runs = await world.runs();
  const failures = await world.quiet.failures.list(tenantId, {}, { limit: 100 });
  const due = await world.quiet.dueItems.list(tenantId, connectionId, 100);
  const writes = (side: 'crm' | 'erp') =>
    world[side].written
      .flatMap(({ key, values, replaced }) =>
        Object.entries(values).map(([field, value]) => `${key} ${field}: ${replaced[field]} → ${value}`),
      )
      .sort();
  const sum = (name: 'writtenToCrm' | 'writtenToErp' | 'conflicts' | 'rejected' | 'failed') =>
    runs.reduce((total, run) => total + run.counters[name], 0);
  return {
    records: recordsOf(world, world.options.fields),
    links: (await world.links()).map(({ state, stateReason, openFailures, intent }) => ({
      state,
      stateReason,
      openFailures: [...openFailures].sort(),
      leased: intent !== undefined,
    })),
    log: log
      .filter(wasMade)
      .map(({ linkId, side, crmField, oldValue, newValue, rule, conflict }) => {
        const lost = conflict && [conflict.winner, conflict.crm, conflict.erp, conflict.base];
        return `${linkId}.${crmField} in the ${side}: ${oldValue} → ${newValue}, ${rule} ${JSON.stringify(lost ?? '')}`;
      })
      .sort(),
    overtaken: log.filter((change) => change.outcome === 'overtaken').length,
    writes: { crm: writes('crm'), erp: writes('erp') },
    counters: {
      writtenToCrm: sum('writtenToCrm'),
      writtenToErp: sum('writtenToErp'),
      conflicts: sum('conflicts'),
      rejected: sum('rejected'),
      failed: sum('failed'),
    },
    books: await bookFaults(world),
    failures: failures.items
      .map(({ id, kind, reason }) => ({ id, kind, reason }))
      .sort((one, other) => one.id.localeCompare(other.id)),
    due: due.items.map((item) => item.linkId),
    unfinished: runs.filter((run) => !hasEnded(run.state)).map((run) => run.state),
    failedRuns: runs.filter((run) => run.state === 'failed').length,
  };
}

/** Long enough for a message to come back, a lease to run out and a stalled run to be helped on: ten polls a minute apart. */
const minutesToHeal = 10;

export async function playWithDeath(scenario: Scenario, dieAt: number, redeliveredAfterMs: number) {
  const attack = new Attack(scenario.options, dieAt, redeliveredAfterMs);
  const { world } = attack;
  await world.setUp();
  await world.minutes(2);
  await scenario.before(attack);
  await scenario.attacked(attack);
  const unfinished = (await world.runs()).filter((run) => !hasEnded(run.state)).length;
  await world.minutes(minutesToHeal);
  // A message that comes back makes good by itself what its worker died over: no poll is needed for that.
  const waitsForPoll = attack.heldMessage && Number.isFinite(redeliveredAfterMs) && unfinished > 0;
  return { end: await endState(world), calls: attack.calls, where: attack.where, waitsForPoll };
}
