import type { FieldChange } from '../../functions/core/model/field-change.ts';
import type { IntendedWrite, Link } from '../../functions/core/model/link.ts';
import type { Side } from '../../functions/core/model/side.ts';
import { type Action, type Edit, type HistoryOptions, Interleaving } from './interleaving.ts';
import { type RestorableTable, restorableTable } from './restorable-table.ts';
import { World, type WorldOptions } from './world.ts';

const hourMs = 3_600_000;

/** A world whose stored state can be set back; the two systems keep what has happened. */
export class RestoredWorld extends World {
  private readonly store: RestorableTable;
  private readonly before: FieldChange[] = [];

  constructor(options: WorldOptions) {
    const store = restorableTable();
    super({ ...options, around: () => store });
    this.store = store;
  }

  moment(): number {
    return this.store.moment();
  }

  /** What the log had by then is kept, for the table forgets it. */
  async setBack(moment: number): Promise<void> {
    this.before.push(...(await this.log()));
    await this.store.restore(moment);
  }

  override async log(): Promise<FieldChange[]> {
    const all = [...this.before, ...(await super.log())];
    return [...new Map(all.map((change) => [change.id, change])).values()];
  }
}

/** A history in whose middle the stored state is set back to what it was some time before. */
export class RestoredInterleaving extends Interleaving {
  private readonly restored: RestoredWorld;
  private isLast = false;
  /** Links as the restored state has them. */
  private links: readonly Link[] = [];
  /** Writes of dead workers that nobody had settled: the state that was given up alone remembers them. */
  private underWay: readonly (IntendedWrite & { readonly linkId: string })[] = [];

  constructor(options: HistoryOptions) {
    let world: RestoredWorld | undefined;
    super(options, (given) => {
      world = new RestoredWorld(given);
      return world;
    });
    if (!world) throw new Error('a history has a world');
    this.restored = world;
  }

  /** The first two picks say when; the third, whether the messages in the queue outlive it. */
  override async play(actions: readonly Action[]): Promise<void> {
    const [first = 0, second = 0, third = 0] = actions.map(({ pick }) => pick);
    const from = first % actions.length;
    const to = from + (second % (actions.length - from));
    await super.play(actions.slice(0, from));
    const moment = this.restored.moment();
    await super.play(actions.slice(from, to));
    await this.setBack(moment, third % 2 === 0);
    this.isLast = true;
    await super.play(actions.slice(to));
  }

  /** No worker is at work, as docs/deploy.md has it. */
  private async setBack(moment: number, keepsMessages: boolean): Promise<void> {
    await this.letWorkersEnd();
    this.world.nowMs += hourMs;
    this.underWay = (await this.world.links()).flatMap(({ id, intent }) =>
      (intent?.writes ?? []).map((write) => ({ linkId: id, ...write })),
    );
    if (!keepsMessages) this.world.messages.length = 0;
    await this.restored.setBack(moment);
    this.links = await this.world.links();
  }

  protected override async end(): Promise<void> {
    if (this.isLast) await super.end();
  }

  /** A value put back to what was last agreed in the restored state, or was on its way in it: to that state it is no edit. */
  isAsRestored({ side, at, field, value }: Edit): boolean {
    const link = this.links[at];
    if (!link) return false;
    const isSent = link.intent?.writes.some(
      (one) => one.side === side && one.crmField === field && one.sends === value,
    );
    return isSent || this.agreedOn(link, side, field) === value;
  }

  /** Replaced by such a write: told by the table that was given up, and by nothing else. */
  wasUnderWay({ side, at, field, value }: Edit): boolean {
    const linkId = this.world.linkId(at);
    return this.underWay.some(
      (one) => one.linkId === linkId && one.side === side && one.crmField === field && one.replaces === value,
    );
  }

  private agreedOn(link: Link, side: Side, field: string) {
    return this.world.fieldState(link, field)?.agreed?.[side];
  }
}
