import { SyncError } from '../../functions/core/errors.ts';
import type { Value, Values } from '../../functions/core/values/value.ts';
import type { RecordBatch, RecordWrite, WriteAnswer } from '../../functions/ports/record-system.ts';
import { setAllowances } from '../sync/brakes-of.ts';
import type { FlickeringRecordSystem } from './flickering-record-system.ts';
import { type FieldSpec, World } from './world.ts';

export const fields: readonly FieldSpec[] = ['name', 'phone', 'street', 'city', 'note'].map((name) => ({
  name,
  direction: 'both',
}));
export const links = 14;
export const allowance = 4;

export type Row = Readonly<Record<string, Value>>;

/** What both sides hold of a record before anything goes wrong. */
export function rightValues(at: number): Row {
  return {
    name: `Company ${at}`,
    phone: `+31 20 ${1000 + at}`,
    street: `Street ${at}`,
    city: `City of ${at % 3}`,
    note: `Note of ${at}`,
  };
}

function inErp(values: Row): Values {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field.toUpperCase(), value]));
}

export interface FaultyWorldOptions {
  readonly namesRefused?: boolean;
  /** Of lists, and so of chunks. */
  readonly pageSize?: number;
}

/** Links that agree, and what can go wrong with the two systems as a whole. */
export class FaultyWorld {
  /** Fields that read as blank in the ERP, in the CRM. */
  erpHides: readonly string[] = [];
  crmHides: readonly string[] = [];
  /** Fields that the ERP refuses, whatever is sent. */
  refused: readonly string[] = [];
  /** Writes that the ERP was asked for and refused, by link. */
  readonly refusedOf = new Set<string>();
  readonly world: World;

  constructor({ namesRefused = true, pageSize = 100 }: FaultyWorldOptions = {}) {
    this.world = new World({
      fields,
      links,
      pageSize,
      erpHides: () => this.erpHides,
      erpNamesRefused: namesRefused,
      erpRefuses: (field, value) => this.refuse(field, value),
      crm: { hides: () => this.crmHides },
    });
  }

  private refuse(field: string, value: Value): string | undefined {
    if (!this.refused.includes(field)) return undefined;
    this.refusedOf.add(`${field} ${value}`);
    return 'Something else is missing.';
  }

  static async begin(options?: FaultyWorldOptions): Promise<FaultyWorld> {
    const play = new FaultyWorld(options);
    const { world } = play;
    await world.setUp();
    await world.minutes(2);
    // No more than the allowance at once, for at first all hold the same in every field.
    await setAllowances(world, 1_000);
    play.import('erp', rightValues);
    await world.minutes(2);
    await setAllowances(world, allowance);
    world.crm.written = [];
    world.erp.written = [];
    world.nowMs += 60_000;
    return play;
  }

  /** A person or program writes records of one side. */
  import(side: 'crm' | 'erp', values: (at: number) => Row, which: (at: number) => boolean = () => true): void {
    for (let at = 0; at < links; at += 1) {
      if (!which(at)) continue;
      if (side === 'crm') this.world.crm.edit('contact', `c${at}`, values(at));
      else this.world.erp.edit('party', `e${at}`, inErp(values(at)));
    }
  }

  remove(side: 'crm' | 'erp', which: (at: number) => boolean = () => true): void {
    for (let at = 0; at < links; at += 1) {
      if (which(at)) this.world[side].removeRecord(side === 'crm' ? 'contact' : 'party', `${side[0]}${at}`);
    }
  }

  /** From now on every read answers that nothing is there; the call of the answer ends that. */
  emptyReads(side: 'crm' | 'erp'): () => void {
    const system: FlickeringRecordSystem = this.world[side];
    const get = system.get;
    system.get = async (_type, keys): Promise<RecordBatch> => ({
      ...{ records: [], missing: keys, failed: [], readAtMs: this.world.nowMs },
    });
    return () => {
      system.get = get;
    };
  }

  /** From now on nobody may write the ERP's records; the call of the answer ends that. */
  forbidWrites(): () => void {
    const { erp } = this.world;
    const update = erp.update;
    erp.update = async (_type, writes: readonly RecordWrite[]): Promise<WriteAnswer[]> =>
      writes.map(({ key }) => {
        this.refusedOf.add(key);
        return { outcome: 'failed', error: new SyncError('forbidden', 'A rule keeps our user from the record.') };
      });
    return () => {
      erp.update = update;
    };
  }

  async poll(): Promise<void> {
    await this.world.poll();
    await this.world.drain();
  }

  async compare(): Promise<void> {
    await this.world.compare();
    await this.world.drain();
  }
}
