import { AsyncLocalStorage } from 'node:async_hooks';
import { SyncError } from '../../functions/core/errors.ts';
import type { Link } from '../../functions/core/model/link.ts';
import { hasEnded } from '../../functions/core/model/run.ts';
import type { Value } from '../../functions/core/values/value.ts';
import { cancelRun, cancelRunsOf } from '../../functions/sync/runs/cancel-run.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { RecordsAway } from './records-away.ts';
import { connectionId, type QueuedMessage, tenantId, World, type WorldOptions } from './world.ts';

/** What may happen next; `pick` chooses among the possibilities of the moment. */
export interface Action {
  readonly kind:
    | 'step'
    | 'deliver'
    | 'duplicate'
    | 'edit'
    | 'blank'
    | 'revert'
    | 'poll'
    | 'tick'
    | 'kill'
    | 'lose-answer'
    | 'refuse-call'
    | 'cancel'
    | 'compare'
    | 'sweep'
    | 'named'
    | 'resync'
    | 'lose'
    | 'flicker'
    | 'break-write'
    | 'disconnect'
    | 'restore'
    | 'switch'
    | 'overtake'
    | 'archive'
    | 'merge'
    | 'delete'
    | 'take-back';
  readonly pick: number;
}

/** `staysAway`: what is archived, merged or deleted at the end of a history is not taken back. */
export type HistoryOptions = Omit<WorldOptions, 'gate'> & { readonly staysAway?: boolean };

interface Gate {
  readonly what: string;
  readonly pass: () => void;
  readonly fail: (error: SyncError) => void;
}

interface Worker {
  dead: boolean;
  readonly startedAtMs: number;
  readonly gates: Gate[];
  done: boolean;
}

/** A person's change, in the order it happened. */
export interface Edit {
  readonly side: 'crm' | 'erp';
  readonly at: number;
  readonly field: string;
  readonly value: Value;
  /** Sortable: ids given later are greater. */
  readonly mark: string;
  /** The stamp that its server gives it. */
  readonly atMs: number;
}

/** A time in which a link was disconnected. */
export interface Absence {
  readonly at: number;
  /** The link as it was: only what its intent had sent may still arrive. */
  readonly link: Link;
  readonly from: string;
  to?: string;
}

const workerTimeoutMs = 60_000;
/** A call sent by a worker that died may land so much later, but well before the lease runs out. */
const landsWithinMs = 8_000;

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Plays actions against a world with two workers that can be stopped at every port call. */
export class Interleaving {
  readonly world: World;
  readonly edits: Edit[] = [];
  readonly absences: Absence[] = [];
  /** Links that were live although nobody had restored them, and the like. */
  readonly surprises: string[] = [];
  faults = 0;
  private readonly current = new AsyncLocalStorage<Worker>();
  private readonly workers: Worker[] = [];
  private readonly away: RecordsAway;
  private readonly staysAway: boolean;
  private late: { pass: () => void; untilMs: number }[] = [];

  constructor(
    { staysAway = false, ...options }: HistoryOptions,
    worldOf: (options: WorldOptions) => World = (given) => new World(given),
  ) {
    this.staysAway = staysAway;
    this.world = worldOf({ ...options, gate: (what) => this.gate(what) });
    this.away = new RecordsAway(this.world);
  }

  private gate(what: string): Promise<void> {
    const worker = this.current.getStore();
    if (!worker) return Promise.resolve();
    if (worker.dead) return new Promise(() => {});
    return new Promise((pass, fail) => worker.gates.push({ what, pass, fail }));
  }

  protected alive(): Worker[] {
    return this.workers.filter((worker) => !worker.dead && !worker.done);
  }

  protected choose<Choice>(choices: readonly Choice[], pick: number): Choice | undefined {
    return choices.length === 0 ? undefined : choices[pick % choices.length];
  }

  private takeGate(pick: number, wanted: (gate: Gate) => boolean = () => true): Gate | undefined {
    const candidates = this.alive().flatMap((worker) => worker.gates.filter(wanted).map((gate) => ({ worker, gate })));
    const chosen = this.choose(candidates, pick);
    if (!chosen) return undefined;
    chosen.worker.gates.splice(chosen.worker.gates.indexOf(chosen.gate), 1);
    return chosen.gate;
  }

  private async step(pick: number): Promise<void> {
    for (let count = 0; count <= pick % 12; count += 1) {
      const gate = this.takeGate(Math.floor(pick / 12) + count);
      if (!gate) return;
      gate.pass();
      await settle();
    }
  }

  private async deliver(pick: number, keep: boolean): Promise<void> {
    if (this.alive().length >= 3) return;
    const queued = this.choose(this.world.ready(), pick);
    if (queued) await this.handOver(queued, keep);
  }

  private async handOver(queued: QueuedMessage, keep: boolean): Promise<void> {
    // Out of sight while it is handled, unless the queue delivers it twice.
    const copy = { ...queued };
    if (keep) queued.receives += 1;
    else this.world.acknowledge(queued);
    const back = () => {
      this.world.messages.push({ ...copy, receives: copy.receives + 1, readyAtMs: this.world.nowMs });
    };
    await this.start(async () => {
      try {
        await this.world.handle(copy);
      } catch {
        copy.receives -= 1;
        back();
      }
    }, back);
  }

  /** A look stands where it has read both records; meanwhile somebody edits one, and the lists show it. */
  private async overtake(pick: number): Promise<void> {
    const look = this.world.ready().find(({ message }) => message.kind === 'look');
    if (!look || this.alive().length >= 2) return;
    await this.handOver(look, false);
    const gates = this.workers.at(-1)?.gates ?? [];
    for (;;) {
      const at = gates.findIndex(({ what }) => what !== 'erp.get.answered');
      if (at < 0) break;
      gates.splice(at, 1)[0]?.pass();
      await settle();
    }
    this.edit(pick);
    await this.tick(10_000);
    for (const list of this.world.ready().filter(({ message }) => message.kind === 'detect')) {
      this.world.acknowledge(list);
      await this.world.handle(list, this.world.quiet);
    }
  }

  /** The dispatcher is a worker like another, but what it dies over is not done again. */
  protected async poll(pick: number): Promise<void> {
    if (pick % 2 === 0 || this.alive().length >= 3) return this.world.poll();
    await this.start(() => this.world.poll(this.world.engine).catch(() => {}));
  }

  protected async start(work: () => Promise<void>, onDeath?: () => void): Promise<void> {
    const worker: Worker = { dead: false, startedAtMs: this.world.nowMs, gates: [], done: false };
    this.workers.push(worker);
    if (onDeath) this.onDeath.set(worker, onDeath);
    void this.current.run(worker, async () => {
      await work();
      worker.done = true;
    });
    await settle();
  }

  private readonly onDeath = new Map<Worker, () => void>();

  private async kill(worker: Worker | undefined, landsLate: boolean): Promise<void> {
    if (!worker) return;
    this.faults += 1;
    worker.dead = true;
    for (const gate of worker.gates) {
      const isWrite = gate.what.endsWith('.update.sent');
      if (isWrite && landsLate) this.late.push({ pass: gate.pass, untilMs: this.world.nowMs + landsWithinMs });
    }
    worker.gates.length = 0;
    this.onDeath.get(worker)?.();
    await settle();
  }

  private async land(all: boolean): Promise<void> {
    const landing = this.late.filter((one) => all || one.untilMs <= this.world.nowMs);
    this.late = this.late.filter((one) => !landing.includes(one));
    for (const one of landing) one.pass();
    await settle();
  }

  private async tick(ms: number): Promise<void> {
    this.world.nowMs += Math.min(ms, landsWithinMs);
    await this.land(false);
    this.world.nowMs += Math.max(0, ms - landsWithinMs);
    for (const worker of this.alive()) {
      if (this.world.nowMs - worker.startedAtMs > workerTimeoutMs) await this.kill(worker, false);
    }
  }

  protected edit(pick: number, isBlank = false): void {
    const { fields, links } = this.world.options;
    const field = this.choose(fields, pick);
    if (!field) return;
    const side = Math.floor(pick / 7) % 2 === 0 ? 'crm' : 'erp';
    const at = Math.floor(pick / 14) % links;
    const lateMs = pick % 3 === 0 ? pick % 4_000 : 0;
    this.change({ side, at, field: field.name, value: isBlank ? null : `${side}${this.edits.length}` }, lateMs);
  }

  private change(edit: Omit<Edit, 'mark' | 'atMs'>, lateMs: number): void {
    const { side, at, field, value } = edit;
    if (this.away.isAway(side, at)) return;
    const held =
      side === 'crm' ? this.world.crm.valuesOf('contact', `c${at}`) : this.world.erp.valuesOf('party', `e${at}`);
    // Nobody blanks what is blank.
    if (value === null && (held[side === 'crm' ? field : field.toUpperCase()] ?? null) === null) return;
    const mark = this.world.newId();
    if (side === 'crm') this.world.crm.edit('contact', `c${at}`, { [field]: value }, { lateMs, mark });
    else this.world.erp.edit('party', `e${at}`, { [field.toUpperCase()]: value }, { lateMs, mark });
    this.edits.push({ ...edit, mark, atMs: this.world.nowMs - lateMs });
  }

  /** A person puts back what the engine has just replaced, or the very first value. */
  protected revert(pick: number): void {
    const side = pick % 2 === 0 ? 'crm' : 'erp';
    const last = this.world[side].written.at(-1);
    if (!last) return;
    const table = side === 'crm' ? 'contact' : 'party';
    const at = Number(last.key.slice(1));
    for (const [key, replaced] of Object.entries(last.replaced)) {
      // Only over the engine's own value: over a person's it would be no change from what was last agreed.
      if (this.world[side].markOf(table, last.key, key) !== undefined) continue;
      const value = pick % 3 === 0 ? `start${at}` : replaced;
      if (this.world[side].valuesOf(table, last.key)[key] === value) continue;
      this.change({ side, at, field: key.toLowerCase(), value }, 0);
    }
  }

  private async cancel(pick: number): Promise<void> {
    const running = (await this.world.runs()).filter((run) => !hasEnded(run.state));
    const run = this.choose(running, pick);
    if (run) await cancelRun(this.world.quiet, tenantId, run.id);
  }

  async play(actions: readonly Action[]): Promise<void> {
    for (const { kind, pick } of actions) {
      if (kind === 'step') await this.step(pick);
      else if (kind === 'deliver' || kind === 'duplicate') await this.deliver(pick, kind === 'duplicate');
      else if (kind === 'edit' || kind === 'blank') this.edit(pick, kind === 'blank');
      else if (kind === 'revert') this.revert(pick);
      else if (kind === 'poll') await this.poll(pick);
      else if (kind === 'tick') await this.tick((pick % 40) * 500 + 100);
      else if (kind === 'kill') await this.kill(this.choose(this.alive(), pick), pick % 2 === 0);
      else if (kind === 'lose-answer') await this.loseAnswer(pick);
      else if (kind === 'refuse-call') await this.refuseCall(pick);
      else if (kind === 'cancel') await this.cancel(pick);
      else if (kind === 'lose') this.lose(pick);
      else if (kind === 'flicker') this.flicker(pick);
      else if (kind === 'break-write') this.breakWrite(pick % 2 === 0 ? 'crm' : 'erp');
      else if (kind === 'disconnect') await this.disconnect(pick);
      else if (kind === 'restore') await this.restore(pick % this.world.options.links);
      else if (kind === 'overtake') await this.overtake(pick);
      else if (kind === 'archive' || kind === 'merge' || kind === 'delete') this.takeAway(pick, kind);
      else if (kind === 'take-back') this.takeBack(pick);
      else if (kind === 'switch') await this.switch(pick);
      else if (kind === 'named') await this.named();
      else if (kind === 'resync') await this.resync(pick);
      else if (kind === 'sweep') await this.sweep();
      else await this.compare();
      await this.watchAbsent();
    }
    await this.end();
  }

  private async loseAnswer(pick: number): Promise<void> {
    const gate = this.takeGate(pick, ({ what }) => what.endsWith('.update.answered') || what.endsWith('.update.sent'));
    if (!gate) return;
    this.faults += 1;
    gate.fail(new SyncError('unknown-outcome', 'No answer came.'));
    await settle();
  }

  private async refuseCall(pick: number): Promise<void> {
    const gate = this.takeGate(pick, ({ what }) => what.endsWith('.sent'));
    if (!gate) return;
    gate.fail(new SyncError('transient', 'The server cannot be reached.'));
    await settle();
  }

  /** A person deactivates the connection, which ends its runs unless the worker dies in between, or activates it. */
  private async switch(pick: number): Promise<void> {
    await this.world.switchConnection(pick % 2 === 0 ? 'inactive' : 'active');
    const connection = await this.world.quiet.connections.get(tenantId, connectionId);
    if (connection && pick % 3 > 0) await cancelRunsOf(this.world.quiet, connection);
  }

  /** A person asks for it; refused while the connection is switched off. */
  protected async compare(): Promise<void> {
    const { connection } = (await this.world.quiet.connections.getSetup(tenantId, connectionId)) ?? {};
    if (connection?.state === 'active') await this.world.compare();
  }

  /** A person asks for it, or a poll does. */
  private async sweep(): Promise<void> {
    const { connection } = (await this.world.quiet.connections.getSetup(tenantId, connectionId)) ?? {};
    const scope = { kind: 'connection' } as const;
    const trigger = { by: 'user' } as const;
    if (connection?.state === 'active')
      await startRun(this.world.quiet, { tenantId, connectionId, kind: 'sweep', scope, trigger });
  }

  /** A person lets one side win, of all links or of one, with blanks or without. */
  protected async resync(pick: number): Promise<void> {
    const { connection } = (await this.world.quiet.connections.getSetup(tenantId, connectionId)) ?? {};
    if (connection?.state !== 'active') return;
    const linkIds = [this.world.linkId(pick % this.world.options.links)];
    const named = pick % 3 === 0 ? { scope: { kind: 'links', linkIds } as const, linkIds } : {};
    await startRun(this.world.quiet, {
      tenantId,
      connectionId,
      kind: pick % 2 === 0 ? 'resync-from-crm' : 'resync-from-erp',
      scope: { kind: 'connection' },
      ...named,
      noBlanks: pick % 5 === 0,
      trigger: { by: 'user' },
    });
  }

  /** A person asks for all links by name: a chunk of its own, of many links. */
  protected async named(): Promise<void> {
    const { connection } = (await this.world.quiet.connections.getSetup(tenantId, connectionId)) ?? {};
    if (connection?.state !== 'active') return;
    const linkIds = Array.from({ length: this.world.options.links }, (_, at) => this.world.linkId(at));
    const scope = { kind: 'links', linkIds } as const;
    await startRun(this.world.quiet, {
      tenantId,
      connectionId,
      kind: 'sync',
      scope,
      linkIds,
      trigger: { by: 'user' },
    });
  }

  /** A message that never comes back: its receives are used up. */
  private lose(pick: number): void {
    const queued = this.choose(this.world.ready(), pick);
    if (!queued) return;
    this.faults += 1;
    this.world.acknowledge(queued);
  }

  /** Once for each record, so that no two reads in turn can miss it. */
  private flicker(pick: number): void {
    const side = pick % 2 === 0 ? 'crm' : 'erp';
    const key = `${side === 'crm' ? 'c' : 'e'}${Math.floor(pick / 2) % this.world.options.links}`;
    if (this.flickered.has(key)) return;
    this.flickered.add(key);
    this.world[side].hideOnce(key);
  }

  private breakWrite(side: 'crm' | 'erp'): void {
    this.faults += 1;
    this.world[side].breakOverNextWrite();
  }

  private takeAway(pick: number, how: 'archive' | 'merge' | 'delete'): void {
    const side = pick % 2 === 0 ? 'crm' : 'erp';
    const at = Math.floor(pick / 2) % this.world.options.links;
    if (how === 'archive') this.away.archive(side, at);
    else this.away.takeAway(side, at, how);
  }

  private takeBack(pick: number): void {
    this.away.takeBack(pick % 2 === 0 ? 'crm' : 'erp', Math.floor(pick / 2) % this.world.options.links);
  }

  private readonly flickered = new Set<string>();

  protected async disconnect(pick: number): Promise<void> {
    const at = pick % this.world.options.links;
    const link = await this.world.disconnect(at);
    if (link) this.absences.push({ at, link, from: this.world.newId() });
  }

  protected async restore(at: number): Promise<void> {
    const absence = this.absences.find((one) => one.at === at && one.to === undefined);
    if (!absence) return;
    absence.to = this.world.newId();
    await this.world.restore(at);
  }

  private async watchAbsent(): Promise<void> {
    for (const { at, to } of this.absences) {
      if (to !== undefined) continue;
      const link = await this.world.quiet.links.get(tenantId, this.world.linkId(at));
      if (link?.state !== 'disconnected') this.surprises.push(`${link?.id} is ${link?.state} without being restored`);
    }
  }

  /** Workers finish what they have, and what dead ones sent arrives. */
  protected async letWorkersEnd(): Promise<void> {
    for (let count = 0; this.alive().length > 0; count += 1) {
      if (count > 20_000) throw new Error('a worker does not come to an end');
      const gate = this.takeGate(0);
      gate?.pass();
      await settle();
    }
    await this.land(true);
  }

  /** Faults and edits stop, and the world comes to rest. */
  protected async end(): Promise<void> {
    await this.letWorkersEnd();
    await this.watchAbsent();
    await this.world.switchConnection('active');
    // What is away is looked at once more before it is back.
    if (this.away.some()) await this.world.minutes(2);
    for (let at = 0; at < this.world.options.links; at += 1) {
      await this.restore(at);
      if (this.staysAway) continue;
      this.away.takeBack('crm', at);
      this.away.takeBack('erp', at);
    }
    await this.world.quiesce();
  }
}
