/**
 * The engine in process: real stores on a table that is handed in, two plain systems, a queue that one worker empties, a
 * clock that is moved. Everything the bench knows of how the engine is set up stands here.
 */
import type { ActorType, CrmType } from '../functions/core/model/actor-type.ts';
import type { FieldMetadata } from '../functions/core/model/field.ts';
import type { Run } from '../functions/core/model/run.ts';
import type { Side } from '../functions/core/model/side.ts';
import type { Application } from '../functions/features/application.ts';
import { connectLinks } from '../functions/features/links/connect-links.ts';
import { linkOf } from '../functions/features/links/pairs.ts';
import { triggerRun } from '../functions/features/runs/trigger-run.ts';
import type { Table } from '../functions/ports/table.ts';
import type { QueueMessage, WorkQueue } from '../functions/ports/work-queue.ts';
import { handleWork } from '../functions/sync/handle-work.ts';
import { dispatchPoll } from '../functions/sync/runs/dispatch-poll.ts';
import { applicationOn } from './application.ts';
import { type PlainSystem, plainSystem } from './plain-system.ts';

const tenantId = '01BENCHTENANT0000000000000';
const connectionId = '01BENCHCONNECTION000000000';
const caller = { tenantId, caller: 'bench', role: 'admin' } as const;

interface TypePair {
  readonly actorType: ActorType;
  readonly crmType: CrmType;
  readonly tables: Readonly<Record<Side, string>>;
}

const typePairs: readonly TypePair[] = [
  { actorType: 'customer', crmType: 'company', tables: { crm: 'contact', erp: 'party' } },
  { actorType: 'person', crmType: 'person', tables: { crm: 'person', erp: 'party-person' } },
];
const [customers] = typePairs;

export interface BenchWorldOptions {
  readonly table: Table;
  /** Mapped fields of each type. */
  readonly fields?: number;
  /** Mapped record tables of each side. */
  readonly tables?: 1 | 2;
  /** Length of every value. */
  readonly valueBytes?: number;
  /** How long each call of a system takes; the clock then goes by itself. */
  readonly latencyMs?: number;
  /** What each call of a system waits for, where it takes no time. */
  readonly answered?: () => Promise<void>;
}

/** What came by while the queue was emptied. */
export interface Work {
  readonly messages: number;
  readonly invocations: number;
}

const connectorId = '01BENCHCONNECTOR0000000000';

export class BenchWorld {
  readonly app: Application;
  readonly systems: Readonly<Record<Side, PlainSystem>>;
  private readonly options: BenchWorldOptions;
  private readonly waiting: { readonly message: QueueMessage; readonly readyAtMs: number }[] = [];
  private setMs = Date.UTC(2026, 10, 23, 8);
  private readonly begunMs = performance.now();
  private ids = 0;
  private linked = 0;
  private messages = 0;
  private invocations = 0;

  constructor(options: BenchWorldOptions) {
    this.options = options;
    const system = (side: Side, updateBatch: number) =>
      plainSystem({
        types: this.types().map(({ actorType, crmType, tables }) => ({
          type: side === 'crm' ? crmType : actorType,
          table: tables[side],
          fields: this.fieldsOf(side),
        })),
        nowMs: () => this.nowMs(),
        updateBatch,
        latencyMs: options.latencyMs,
        answered: options.answered,
      });
    // As SuperOffice and Tryton take them.
    this.systems = { crm: system('crm', 25), erp: system('erp', 50) };
    this.app = this.application();
  }

  private application(): Application {
    const runtime = {
      nowMs: () => this.nowMs(),
      now: () => new Date(this.nowMs()).toISOString(),
      newId: () => {
        this.ids += 1;
        return `01BENCH${String(this.ids).padStart(19, '0')}`;
      },
      random: () => 0.5,
      sleep: async (ms: number) => this.advance(ms),
    };
    const queue: WorkQueue = {
      send: async (messages, { delayMs = 0 } = {}) => {
        this.messages += messages.length;
        const readyAtMs = this.nowMs() + delayMs;
        for (const message of messages) this.waiting.push({ message, readyAtMs });
      },
    };
    return applicationOn({ table: this.options.table, runtime, queue, systems: this.systems });
  }

  private nowMs(): number {
    return this.setMs + (this.options.latencyMs ? Math.round(performance.now() - this.begunMs) : 0);
  }

  advance(ms: number): void {
    this.setMs += ms;
  }

  private types(): readonly TypePair[] {
    return typePairs.slice(0, this.options.tables ?? 1);
  }

  private names(side: Side): string[] {
    return Array.from({ length: this.options.fields ?? 8 }, (_, at) => (side === 'crm' ? `field${at}` : `FIELD${at}`));
  }

  private fieldsOf(side: Side): FieldMetadata[] {
    return this.names(side).map((key) => ({
      key,
      label: key,
      type: 'text',
      maxLength: 0,
      access: 'normal',
      searchable: false,
    }));
  }

  /**
   * Tenant, connector, an active connection with its mappings, and the cursors of now; then so many links of records that
   * were there before, due and not yet looked at. Answers the links' ids.
   */
  async setUp(links = 0): Promise<string[]> {
    const records = this.addRecords(links);
    await this.setUpConnection();
    return this.link(records);
  }

  private async setUpConnection(): Promise<void> {
    const { app } = this;
    const createdAt = app.runtime.now();
    const [crmNames, erpNames] = [this.names('crm'), this.names('erp')];
    await app.tenants.create(
      {
        id: tenantId,
        crmContext: 'Cust12345',
        revision: 1,
        defaultConflictPolicy: { kind: 'crm-wins' },
        retentionDays: 90,
        createdAt,
      },
      { tenantId, id: 'key', name: 'bench', role: 'admin', secretHash: 'x', createdAt, revision: 1 },
    );
    const connector = { id: connectorId, kind: 'tryton', url: 'https://erp.example' };
    await app.connectors.create({ ...connector, tenantId, name: 'ERP', connections: 0, revision: 1, createdAt });
    await app.connections.create(
      {
        tenantId,
        id: connectionId,
        connectorId: connector.id,
        connectorKind: connector.kind,
        connectorUrl: connector.url,
        name: 'ERP',
        state: 'active',
        config: {},
        secretsSet: [],
        place: 0,
        intervalMinutes: 1,
        activatedBefore: true,
        revision: 1,
        createdAt,
      },
      this.types().map(({ actorType, crmType, tables }) => ({
        tenantId,
        connectionId,
        actorType,
        crmType,
        label: actorType,
        erpTable: tables.erp,
        crmTable: tables.crm,
        erpFields: this.fieldsOf('erp'),
        crmFields: this.fieldsOf('crm'),
        active: true,
        fields: erpNames.map((erpField, at) => ({
          erpField,
          crmField: crmNames[at] ?? erpField,
          direction: 'both',
          showInSearch: false,
          showInErpTab: false,
        })),
        revision: 1,
      })),
    );
    for (const { tables } of this.types()) {
      for (const side of ['crm', 'erp'] as const) {
        const cursor = await this.systems[side].start(tables[side]);
        await app.cursors.store({ tenantId, connectionId, side, table: tables[side] }, cursor, 0);
      }
    }
  }

  private values(at: number, side: Side, round: string): Record<string, string> {
    const { valueBytes = 0 } = this.options;
    const value = (field: number) => `value ${field} of ${at} ${round}`.padEnd(valueBytes, '.');
    return Object.fromEntries(this.names(side).map((name, field) => [name, value(field)]));
  }

  /** Records that agree, on both sides; their numbers. */
  addRecords(count: number): number[] {
    const added = Array.from({ length: count }, (_, at) => this.linked + at);
    this.linked += count;
    for (const at of added) {
      for (const side of ['crm', 'erp'] as const) {
        const table = customers?.tables[side] ?? '';
        this.systems[side].edit(table, keyOf(side, at), this.values(at, side, 'first'));
      }
    }
    return added;
  }

  private async link(records: readonly number[]): Promise<string[]> {
    const { app } = this;
    const setup = await app.connections.getSetup(tenantId, connectionId);
    if (!setup) throw new Error('the world is set up');
    const ids: string[] = [];
    for (const at of records) {
      const pair = { actorType: 'customer', crmKey: keyOf('crm', at), erpKey: keyOf('erp', at) } as const;
      const link = linkOf(app, setup, pair, caller.caller);
      const due = { tenantId, connectionId, linkId: link.id, sequence: app.runtime.newId() };
      const { result } = await app.links.connect(link, due);
      if (result !== 'connected') throw new Error('a fresh link connects');
      ids.push(link.id);
    }
    return ids;
  }

  /** So many linked records, from the first on, are edited in the CRM: every field. */
  editInCrm(count: number, round: string): void {
    for (let at = 0; at < count; at += 1) {
      this.systems.crm.edit(customers?.tables.crm ?? '', keyOf('crm', at), this.values(at, 'crm', round));
    }
  }

  /** Every linked record is listed once more by both sides, as it is. */
  listAgain(): void {
    for (const side of ['crm', 'erp'] as const) this.systems[side].listAgain(customers?.tables[side] ?? '');
  }

  /** The pages of all linked records, as texts. */
  pageTexts(pageSize = 200): string[] {
    return (['crm', 'erp'] as const).flatMap((side) => {
      const table = customers?.tables[side] ?? '';
      const keys = this.systems[side].keys(table);
      return Array.from({ length: Math.ceil(keys.length / pageSize) }, (_, at) =>
        this.systems[side].pageText(table, keys.slice(at * pageSize, (at + 1) * pageSize)),
      );
    });
  }

  async connect(records: readonly number[]): Promise<void> {
    const pairs = records.map((at) => ({
      actorType: 'customer' as const,
      crmKey: keyOf('crm', at),
      erpKey: keyOf('erp', at),
    }));
    this.invocations += 1;
    await connectLinks(this.app, caller, connectionId, pairs);
  }

  async syncNow(linkIds: readonly string[]): Promise<Run> {
    this.invocations += 1;
    const scope = { kind: 'links', linkIds } as const;
    return triggerRun(this.app, caller, { kind: 'sync', scope, dryRun: false });
  }

  async compare(dryRun = false): Promise<Run> {
    this.invocations += 1;
    return triggerRun(this.app, caller, { kind: 'compare', connectionId, scope: { kind: 'connection' }, dryRun });
  }

  /** The schedule fires, an interval after the last time. */
  async poll(): Promise<void> {
    this.advance(60_000);
    this.invocations += 1;
    await dispatchPoll(this.app, { tenantId, connectionId, connectorId });
  }

  /** One worker empties the queue, message by message. */
  async work(handle: (message: QueueMessage) => Promise<void> = (message) => handleWork(this.app, message, 1)) {
    for (;;) {
      const next = this.waiting.shift();
      if (!next) return;
      if (next.readyAtMs > this.nowMs()) this.advance(next.readyAtMs - this.nowMs());
      this.invocations += 1;
      await handle(next.message);
    }
  }

  async pollAndWork(): Promise<void> {
    await this.poll();
    await this.work();
  }

  /** Throws unless the last run ended well, with these counters. */
  async expectCounted(runId: string, counters: Partial<Run['counters']>): Promise<void> {
    const run = await this.app.runs.get(tenantId, runId);
    for (const [name, value] of Object.entries(counters)) {
      const found = Object.entries(run?.counters ?? {}).find(([counter]) => counter === name)?.[1];
      if (run?.state !== 'done' || found !== value) {
        throw new Error(`The run is ${run?.state} and has ${found} ${name}, not ${value}: nothing was measured.`);
      }
    }
  }

  /** Throws unless the first so many records of both sides hold the same. */
  expectAgreed(count: number): void {
    for (let at = 0; at < count; at += 1) {
      const [crm, erp] = (['crm', 'erp'] as const).map((side) => {
        const [record] = JSON.parse(this.systems[side].pageText(customers?.tables[side] ?? '', [keyOf(side, at)]));
        return JSON.stringify(Object.values(record.values));
      });
      if (crm !== erp) throw new Error(`Record ${at} differs: nothing was measured.`);
    }
  }

  counted(): Work {
    return { messages: this.messages, invocations: this.invocations };
  }

  startAnew(): void {
    this.messages = 0;
    this.invocations = 0;
    this.systems.crm.startAnew();
    this.systems.erp.startAnew();
  }
}

function keyOf(side: Side, at: number): string {
  return `${side === 'crm' ? 10_000_000 + at : 20_000_000 + at}`;
}
