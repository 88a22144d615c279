import { type FurtherConnection, Hub } from './hub.ts';
import { type Edit, Interleaving } from './interleaving.ts';
import { tenantId, type WorldOptions } from './world.ts';

/** An edit in a hub; `of`: the connection whose ERP was edited. */
export interface HubEdit extends Edit {
  readonly of?: string;
}

/** Histories over several connections: whose turn it is, and whose ERP a person edits, is picked too. */
export class HubInterleaving extends Interleaving {
  readonly hub: Hub;
  readonly hubEdits: HubEdit[] = [];

  constructor(options: Omit<WorldOptions, 'gate'>, further: readonly FurtherConnection[]) {
    let made: Hub | undefined;
    super(options, (given) => {
      made = new Hub(given, further);
      return made;
    });
    if (!made) throw new Error('the world is made with the interleaving');
    this.hub = made;
  }

  private one(pick: number): string {
    return this.choose(this.hub.connectionIds, pick) ?? '';
  }

  protected override edit(pick: number): void {
    const { fields, links } = this.world.options;
    const field = this.choose(fields, pick)?.name;
    if (field === undefined) return;
    const places = [undefined, ...this.hub.connectionIds];
    const of = places[Math.floor(pick / 7) % places.length];
    const at = Math.floor(pick / 29) % links;
    const side = of === undefined ? 'crm' : 'erp';
    const mark = this.world.newId();
    const value = `${of ?? side}-${this.hubEdits.length}`;
    const options = { lateMs: pick % 3 === 0 ? pick % 4_000 : 0, mark };
    if (of === undefined) this.hub.crm.edit('contact', `c${at}`, { [field]: value }, options);
    else this.hub.erpOf(of).edit('party', `e${at}`, { [field.toUpperCase()]: value }, options);
    this.hubEdits.push({ side, at, field, value, mark, atMs: this.world.nowMs - options.lateMs, ...(of && { of }) });
  }

  protected override async poll(pick: number): Promise<void> {
    const of = this.one(pick);
    if (pick % 2 === 0 || this.alive().length >= 3) return this.world.poll(this.hub.quiet, of);
    await this.start(() => this.world.poll(this.world.engine, of).catch(() => {}));
  }

  protected override async compare(): Promise<void> {
    await this.hub.compare(this.one(this.hubEdits.length));
  }

  protected override async named(): Promise<void> {
    const pick = this.hubEdits.length;
    await this.hub.syncNow(this.one(pick), pick % this.world.options.links);
  }

  /** A person ends the synchronisation of a record with one ERP, or takes it up again. */
  protected override async disconnect(pick: number): Promise<void> {
    const id = this.hub.linkOf(this.one(pick), pick % this.world.options.links);
    const link = await this.hub.quiet.links.get(tenantId, id);
    if (!link || link.state === 'disconnected') return;
    const due = { tenantId, connectionId: link.connectionId, linkId: id, sequence: this.world.newId() };
    await this.hub.quiet.links.disconnect(link, due);
  }

  protected override async restore(at: number): Promise<void> {
    for (const of of this.hub.connectionIds) {
      const link = await this.hub.quiet.links.get(tenantId, this.hub.linkOf(of, at));
      if (link?.state !== 'disconnected') continue;
      const due = { tenantId, connectionId: of, linkId: link.id, sequence: this.world.newId() };
      await this.hub.quiet.links.restore(link, due);
    }
  }
}
