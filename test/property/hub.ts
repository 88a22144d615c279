import type { ConflictPolicy } from '../../functions/core/merge/policy.ts';
import type { Link } from '../../functions/core/model/link.ts';
import type { Engine } from '../../functions/sync/engine.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { FlickeringRecordSystem } from './flickering-record-system.ts';
import { connectionId, tenantId, World, type WorldOptions } from './world.ts';

/** What a further connection of a hub is like; one is in the tenant's order where it stands in the list. */
export interface FurtherConnection {
  readonly id: string;
  readonly policy?: ConflictPolicy;
}

/** A world in which several ERPs, each with a connection of its own, are linked to the same CRM records. */
export class Hub extends World {
  readonly further: readonly FurtherConnection[];
  readonly erps: ReadonlyMap<string, FlickeringRecordSystem>;

  constructor(options: WorldOptions, further: readonly FurtherConnection[]) {
    super(options);
    this.further = further;
    this.erps = new Map([
      [connectionId, this.erp],
      ...further.map(({ id }) => [id, new FlickeringRecordSystem(this.erp.options)] as const),
    ]);
  }

  get connectionIds(): string[] {
    return [...this.erps.keys()];
  }

  override erpOf(id: string): FlickeringRecordSystem {
    return this.erps.get(id) ?? this.erp;
  }

  override async setUp(): Promise<void> {
    await super.setUp();
    const setup = await this.quiet.connections.getSetup(tenantId, connectionId);
    if (!setup) throw new Error('the first connection is set up');
    for (const { id, policy: conflictPolicy } of this.further) {
      const connection = {
        ...setup.connection,
        id,
        name: `ERP of ${id}`,
        place: this.connectionIds.indexOf(id),
        conflictPolicy,
        revision: 1,
      };
      const types = setup.actorTypes.map((type) => ({ ...type, connectionId: id, revision: 1 }));
      await this.quiet.connections.create(connection, types);
      for (const [side, table] of [
        ['crm', 'contact'],
        ['erp', 'party'],
      ] as const) {
        const system = side === 'crm' ? this.crm : this.erpOf(id);
        await this.quiet.cursors.store({ tenantId, connectionId: id, side, table }, await system.start(table), 0);
      }
      for (let at = 0; at < this.options.links; at += 1) await this.linkFurther(id, at);
    }
  }

  linkOf(id: string, at: number): string {
    return id === connectionId ? this.linkId(at) : `${this.linkId(at)}of${id}`;
  }

  private async linkFurther(id: string, at: number): Promise<void> {
    const values = this.options.fields.map(({ name, start }) => [name.toUpperCase(), start ?? `start${at}`]);
    this.erpOf(id).edit('party', `e${at}`, Object.fromEntries(values));
    const first = await this.quiet.links.get(tenantId, this.linkId(at));
    if (!first) throw new Error('the first link is there');
    const { shared: _first, ...rest } = first;
    const link: Link = { ...rest, id: this.linkOf(id, at), connectionId: id, state: 'pending', revision: 1 };
    const due = { tenantId, connectionId: id, linkId: link.id, sequence: this.newId() };
    const { result } = await this.quiet.links.connect({ ...link, fieldStates: {}, seen: {}, openFailures: [] }, due);
    if (result !== 'connected') throw new Error('a second connection may link the record');
  }

  override async quiesce(): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      this.nowMs += 3_800_000;
      for (const id of this.connectionIds) await this.poll(this.quiet, id);
      await this.drain();
    }
  }

  async compareAll(): Promise<void> {
    for (const id of this.connectionIds) await this.compare(id);
    await this.drain();
  }

  /** A person who waits: looked at at once, and what it changes in the CRM by the others too. */
  async syncNow(id: string, at: number, engine: Engine = this.quiet) {
    const linkIds = [this.linkOf(id, at)];
    const scope = { kind: 'links', linkIds } as const;
    return startRun(engine, { tenantId, connectionId: id, kind: 'sync', scope, linkIds, trigger: { by: 'user' } });
  }

  linksOf(id: string): Promise<Link[]> {
    const ids = Array.from({ length: this.options.links }, (_, at) => this.linkOf(id, at));
    return this.quiet.links.getMany(tenantId, ids);
  }

  /** What every system holds in a field of one record: the CRM first. */
  held(at: number, name: string): unknown[] {
    return [
      this.crm.valuesOf('contact', `c${at}`)[name],
      ...[...this.erps.values()].map((erp) => erp.valuesOf('party', `e${at}`)[name.toUpperCase()]),
    ];
  }

  writes(): number {
    return [this.crm, ...this.erps.values()].reduce((sum, { written }) => sum + written.length, 0);
  }
}
