import type { Side } from '../../functions/core/model/side.ts';
import type { World } from './world.ts';

const tables = { crm: 'contact', erp: 'party' } as const;

/** What people do with whole records: archive, merge away, delete, and take back. */
export class RecordsAway {
  private readonly world: World;
  /** What each record that is merged or deleted held. */
  private readonly kept = new Map<string, ReturnType<RecordsAway['row']>>();

  constructor(world: World) {
    this.world = world;
  }

  private row(side: Side, at: number) {
    return this.world[side].tables.get(tables[side])?.get(`${side === 'crm' ? 'c' : 'e'}${at}`);
  }

  /** Nobody can edit it. */
  isAway(side: Side, at: number): boolean {
    return this.kept.has(`${side}${at}`);
  }

  /** Whether any record is merged or deleted. */
  some(): boolean {
    return this.kept.size > 0;
  }

  archive(side: Side, at: number): void {
    if (!this.isAway(side, at)) this.world[side].setStanding(tables[side], this.key(side, at), { kind: 'archived' });
  }

  /** Merged into another record, or deleted: what it held is shown no more. */
  takeAway(side: Side, at: number, how: 'merge' | 'delete'): void {
    const record = this.row(side, at);
    if (!record || this.isAway(side, at)) return;
    this.kept.set(`${side}${at}`, record);
    this.world[side].removeRecord(tables[side], this.key(side, at));
    if (how === 'delete') return;
    const standing = { kind: 'merged', into: 'other' } as const;
    this.put(side, at, { ...record, values: {}, marks: {}, standing, writes: record.writes + 1 });
  }

  /** Back in use, with what it held. */
  takeBack(side: Side, at: number): void {
    const record = this.kept.get(`${side}${at}`) ?? this.row(side, at);
    if (!record) return;
    this.kept.delete(`${side}${at}`);
    const writes = Math.max(record.writes, this.row(side, at)?.writes ?? 0) + 2;
    this.put(side, at, { ...record, standing: undefined, writes });
  }

  private put(side: Side, at: number, record: NonNullable<ReturnType<RecordsAway['row']>>): void {
    const stamped = { ...record, stampMs: this.world.nowMs, byUs: false };
    this.world[side].tables.get(tables[side])?.set(this.key(side, at), stamped);
  }

  private key(side: Side, at: number): string {
    return `${side === 'crm' ? 'c' : 'e'}${at}`;
  }
}
