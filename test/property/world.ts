/**
 * A small world for property and crash tests: two memory record systems, the real stores on the memory table, a queue that
 * duplicates and reorders, workers that can be stopped at every port call, a virtual clock.
 */

import { type MemoryAlerts, memoryAlerts } from '../../functions/adapters/memory/memory-alerts.ts';
import type { MemoryRecordSystemOptions } from '../../functions/adapters/memory/memory-record-system.ts';
import { memorySchedules } from '../../functions/adapters/memory/memory-schedules.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { type MemoryTelemetry, memoryTelemetry } from '../../functions/adapters/memory/memory-telemetry.ts';
import type { SyncError } from '../../functions/core/errors.ts';
import type { Direction, FieldMapping } from '../../functions/core/mapping/mapping.ts';
import type { ConflictPolicy } from '../../functions/core/merge/policy.ts';
import type { FieldMetadata } from '../../functions/core/model/field.ts';
import type { FieldChange } from '../../functions/core/model/field-change.ts';
import type { FieldState, Link } from '../../functions/core/model/link.ts';
import type { Run } from '../../functions/core/model/run.ts';
import type { Value } from '../../functions/core/values/value.ts';
import type { Connectors } from '../../functions/ports/connectors.ts';
import type { RecordAccess } from '../../functions/ports/record-system.ts';
import type { Table } from '../../functions/ports/table.ts';
import type { WorkMessage } from '../../functions/ports/work-queue.ts';
import type { Engine } from '../../functions/sync/engine.ts';
import { handleWork } from '../../functions/sync/handle-work.ts';
import { dispatchPoll } from '../../functions/sync/runs/dispatch-poll.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { FlickeringRecordSystem } from './flickering-record-system.ts';
import { storesOn } from './stores-on.ts';

export const tenantId = 'tenant1';
export const connectionId = 'conn1';
const leaseMs = 70_000;

export interface FieldSpec {
  readonly name: string;
  readonly direction: Direction;
  /** What the two sides say of it, where it is not a plain text. */
  readonly metadata?: Partial<FieldMetadata>;
  /** What both sides hold at first. */
  readonly start?: Value;
  /** Of both sides' fields. */
  readonly group?: string;
  readonly enforce?: boolean;
  readonly noBlanks?: boolean;
}

export interface WorldOptions {
  readonly fields: readonly FieldSpec[];
  readonly links: number;
  readonly policy?: ConflictPolicy;
  /** Whether the ERP's answers to writes prove what was stored. */
  readonly erpAnswersStored?: boolean;
  readonly erpRefuses?: (field: string, value: Value) => string | undefined;
  readonly erpNamesRefused?: boolean;
  /** Why a record of the ERP cannot be read, by key. */
  readonly erpUnreadable?: (key: string) => SyncError | undefined;
  /** What the ERP makes of a value it is sent. */
  readonly erpStores?: (field: string, value: Value) => Value;
  /** By how much the ERP's clock is ahead. */
  readonly erpClockAheadMs?: number;
  readonly pageSize?: number;
  readonly erpAccess?: () => RecordAccess;
  readonly erpHides?: () => readonly string[];
  readonly listMayMissEdits?: boolean;
  /** What else the two systems are like. */
  readonly crm?: Partial<MemoryRecordSystemOptions>;
  readonly erp?: Partial<MemoryRecordSystemOptions>;
  /** What stands between the stores and the table, and whether record steps are joined. */
  readonly around?: (table: Table) => Table;
  readonly joins?: boolean;
  /** Called before every port call of any worker: lets others in, stops the worker, or throws a fault. */
  readonly gate?: (what: string) => Promise<void>;
}

export interface QueuedMessage {
  readonly message: WorkMessage;
  readonly readyAtMs: number;
  receives: number;
}

const text = (key: string, metadata: Partial<FieldMetadata> = {}): FieldMetadata => ({
  key,
  label: key,
  type: 'text',
  maxLength: 0,
  access: 'normal',
  searchable: false,
  ...metadata,
});

function metadataOf({ group, metadata }: FieldSpec): Partial<FieldMetadata> {
  return { group, ...metadata };
}

function mapping(fields: readonly FieldSpec[]): FieldMapping[] {
  return fields.map(({ name, direction, enforce, noBlanks }) => ({
    erpField: name.toUpperCase(),
    crmField: name,
    direction,
    enforce,
    noBlanks,
    showInSearch: false,
    showInErpTab: false,
  }));
}

/** Wraps every method of a port so that each call passes the gate first, and once more before its answer is used. */
function gated<Port extends object>(port: Port, name: string, gate: (what: string) => Promise<void>): Port {
  return new Proxy(port, {
    get(target, property, receiver) {
      const member: unknown = Reflect.get(target, property, receiver);
      if (typeof member !== 'function' || property === 'callCount') return member;
      return async (...parameters: unknown[]) => {
        await gate(`${name}.${String(property)}`);
        const answer: unknown = await Reflect.apply(member, target, parameters);
        await gate(`${name}.${String(property)}>`);
        return answer;
      };
    },
  });
}

export class World {
  nowMs = Date.UTC(2026, 10, 23, 8);
  readonly options: WorldOptions;
  readonly crm: FlickeringRecordSystem;
  readonly erp: FlickeringRecordSystem;
  readonly engine: Engine;
  /** The engine of a person or test: same parts, no gate. */
  readonly quiet: Engine & {
    readonly connectors: Connectors;
    readonly telemetry: MemoryTelemetry;
    readonly alerts: MemoryAlerts;
  };
  readonly messages: QueuedMessage[] = [];
  /** Polls that ended in the dispatcher, of workers that can be stopped. */
  idlePolls = 0;
  private ids = 0;

  constructor(options: WorldOptions) {
    this.options = options;
    const nowMs = () => this.nowMs;
    const gate = options.gate ?? (async () => {});
    const erpFields = options.fields.map((field) => text(field.name.toUpperCase(), metadataOf(field)));
    const common = { nowMs, pageSize: options.pageSize ?? 2, commitLagMs: 5_000, newMark: () => this.newId() };
    this.crm = new FlickeringRecordSystem({
      ...common,
      version: 'coarse',
      types: [
        {
          type: 'company',
          table: 'contact',
          fields: options.fields.map((field) => text(field.name, metadataOf(field))),
        },
      ],
      onCall: (operation, moment) => gate(`crm.${operation}.${moment}`),
      ...options.crm,
    });
    this.erp = new FlickeringRecordSystem({
      ...common,
      nowMs: () => this.nowMs + (options.erpClockAheadMs ?? 0),
      version: 'exact',
      ...(options.listMayMissEdits && { listMayMissEdits: true }),
      ...(options.erpNamesRefused === false && { namesRefused: false }),
      ...(options.erpUnreadable && { unreadable: options.erpUnreadable }),
      ...(options.erpRefuses && { refuses: options.erpRefuses }),
      ...(options.erpAccess && { access: options.erpAccess }),
      ...(options.erpHides && { hides: options.erpHides }),
      ...(options.erpAnswersStored !== undefined && { answersStored: options.erpAnswersStored }),
      ...(options.erpStores && { reformat: options.erpStores }),
      types: [
        { type: 'customer', table: 'party', fields: erpFields },
        { type: 'supplier', table: 'vendor', fields: erpFields },
      ],
      onCall: (operation, moment) => gate(`erp.${operation}.${moment}`),
      ...options.erp,
    });
    const table = options.around?.(memoryTable()) ?? memoryTable();
    this.engine = this.engineOn(gated<Table>(table, 'table', gate), gate);
    this.quiet = this.engineOn(table, async () => {});
    this.countIdlePolls();
  }

  /** The ERP of a connection. */
  erpOf(_connectionId: string): FlickeringRecordSystem {
    return this.erp;
  }

  private countIdlePolls(): void {
    const { connections } = this.engine;
    const { notePolled } = connections;
    connections.notePolled = async (tenant, connection, at, moved) => {
      await notePolled(tenant, connection, at, moved);
      if (moved !== undefined) this.idlePolls += 1;
    };
  }

  /** Ids are in the order in which they were asked for. */
  newId(): string {
    this.ids += 1;
    return `i${String(this.ids).padStart(8, '0')}`;
  }

  private engineOn(table: Table, gate: (what: string) => Promise<void>): World['quiet'] {
    const runtime = {
      nowMs: () => this.nowMs,
      now: () => new Date(this.nowMs).toISOString(),
      newId: () => this.newId(),
      random: () => 0.5,
      sleep: async (ms: number) => {
        this.nowMs += ms;
      },
    };
    const queue = {
      send: async (messages: readonly WorkMessage[], sendOptions?: { delayMs?: number }) => {
        for (const message of messages) {
          this.messages.push({ message, readyAtMs: this.nowMs + (sendOptions?.delayMs ?? 0), receives: 0 });
        }
      },
    };
    return {
      ...storesOn(table, runtime, this.options.joins),
      queue: gated(queue, 'queue', gate),
      schedules: memorySchedules(),
      systems: {
        crm: async () => this.crm,
        erp: async ({ id }) => this.erpOf(id),
        candidateErp: async () => this.erp,
        candidateCrm: async () => this.crm,
        reachErp: async () => {},
        connectorTypes: () => [],
      },
      runtime,
      telemetry: memoryTelemetry(),
      alerts: memoryAlerts(),
      settings: { leaseMs, stalledAfterMs: 120_000 },
    };
  }

  /** Tenant, active connection, mapping, cursors, and links whose records agree on a first value. */
  async setUp(): Promise<void> {
    const { quiet } = this;
    const at = new Date(this.nowMs).toISOString();
    const policy = this.options.policy ?? { kind: 'crm-wins' };
    await quiet.tenants.create(
      {
        id: tenantId,
        crmContext: 'Cust1',
        revision: 1,
        defaultConflictPolicy: policy,
        retentionDays: 90,
        createdAt: at,
      },
      { tenantId, id: 'key1', name: 'first', role: 'admin', secretHash: 'x', createdAt: at, revision: 1 },
    );
    await this.createConnector(at);
    await quiet.connections.create(
      {
        tenantId,
        id: connectionId,
        connectorId: 'connector1',
        connectorKind: 'tryton',
        connectorUrl: 'http://erp.example',
        name: 'ERP',
        state: 'active',
        config: {},
        secretsSet: [],
        place: 0,
        intervalMinutes: 1,
        activatedBefore: true,
        revision: 1,
        createdAt: at,
      },
      [
        {
          tenantId,
          connectionId,
          actorType: 'customer',
          crmType: 'company',
          label: 'Customer',
          erpTable: 'party',
          crmTable: 'contact',
          erpFields: await this.erp.describe('customer'),
          crmFields: await this.crm.describe('company'),
          active: true,
          fields: mapping(this.options.fields),
          revision: 1,
        },
      ],
    );
    for (const [side, table] of [
      ['crm', 'contact'],
      ['erp', 'party'],
    ] as const) {
      await quiet.cursors.store({ tenantId, connectionId, side, table }, await this[side].start(table), 0);
    }
    // The poll that began this day has been: what a system says of its fields is asked again tomorrow.
    await quiet.connections.noteDescribed(tenantId, connectionId, at.slice(0, 10));
    for (let at = 0; at < this.options.links; at += 1) await this.link(at);
  }

  private async createConnector(at: string): Promise<void> {
    await this.quiet.connectors.create({
      tenantId,
      id: 'connector1',
      kind: 'tryton',
      name: 'Tryton',
      url: 'http://erp.example',
      connections: 0,
      revision: 1,
      createdAt: at,
    });
  }

  linkId(at: number): string {
    return `link${at}`;
  }

  async link(at: number): Promise<void> {
    const values = (value: string, upper: boolean): Record<string, Value> =>
      Object.fromEntries(
        this.options.fields.map(({ name, start }) => [
          upper ? name.toUpperCase() : name,
          start === undefined ? value : start,
        ]),
      );
    this.crm.edit('contact', `c${at}`, values(`start${at}`, false));
    this.erp.edit('party', `e${at}`, values(`start${at}`, true));
    const link: Link = {
      tenantId,
      id: this.linkId(at),
      connectionId,
      ends: {
        crm: { type: 'company', table: 'contact', key: `c${at}` },
        erp: { type: 'customer', table: 'party', key: `e${at}` },
      },
      state: 'pending',
      revision: 1,
      fieldStates: {},
      choices: {},
      seen: {},
      openFailures: [],
      createdAt: new Date(this.nowMs).toISOString(),
      createdBy: 'test',
    };
    const due = { tenantId, connectionId, linkId: link.id, sequence: `first${at}` };
    const result = await this.quiet.links.connect(link, due);
    if (result.result !== 'connected') throw new Error('a fresh link connects');
  }

  /** Messages whose delay is over, oldest first. */
  ready(): QueuedMessage[] {
    return this.messages.filter((queued) => queued.readyAtMs <= this.nowMs);
  }

  async handle(queued: QueuedMessage, engine: Engine = this.engine): Promise<void> {
    queued.receives += 1;
    await handleWork(engine, queued.message, queued.receives);
  }

  acknowledge(queued: QueuedMessage): void {
    const at = this.messages.indexOf(queued);
    if (at >= 0) this.messages.splice(at, 1);
  }

  poll(engine: Engine = this.quiet, of = connectionId): Promise<void> {
    return dispatchPoll(engine, { tenantId, connectionId: of });
  }

  async compare(of = connectionId): Promise<Run> {
    return startRun(this.quiet, {
      tenantId,
      connectionId: of,
      kind: 'compare',
      scope: { kind: 'connection' },
      trigger: { by: 'user' },
    });
  }

  /** Handles everything in the queue, in order, with time passing over waits; no faults. */
  async drain(limit = 2_000): Promise<void> {
    for (let step = 0; this.messages.length > 0; step += 1) {
      if (step > limit) throw new Error(`the queue does not run dry: ${JSON.stringify(this.messages.slice(0, 3))}`);
      const [first] = this.ready();
      if (!first) {
        this.nowMs = Math.min(...this.messages.map((queued) => queued.readyAtMs));
        continue;
      }
      await this.handle(first, this.quiet);
      this.acknowledge(first);
    }
  }

  /** Time passes and polls come until nothing moves any more. */
  async quiesce(): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      this.nowMs += leaseMs + 3_700_000;
      await this.poll();
      await this.drain();
    }
  }

  /** A connection that is polled every minute: so many polls. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      this.nowMs += 60_000;
      await this.poll();
      await this.drain();
    }
  }

  /** A person ends the synchronisation of a link; the link as it was, or nothing if there was nothing to end. */
  async disconnect(at: number): Promise<Link | undefined> {
    const link = await this.quiet.links.get(tenantId, this.linkId(at));
    if (!link || link.state === 'disconnected') return undefined;
    const due = { tenantId, connectionId, linkId: link.id, sequence: this.newId() };
    if ((await this.quiet.links.disconnect(link, due)) !== 'disconnected')
      throw new Error('nobody else writes at a moment');
    return link;
  }

  async restore(at: number): Promise<void> {
    const link = await this.quiet.links.get(tenantId, this.linkId(at));
    if (link?.state !== 'disconnected') return;
    const due = { tenantId, connectionId, linkId: link.id, sequence: this.newId() };
    const { result } = await this.quiet.links.restore(link, due);
    if (result !== 'connected') throw new Error('a free pair can be restored');
  }

  async switchConnection(state: 'active' | 'inactive'): Promise<void> {
    const connection = await this.quiet.connections.get(tenantId, connectionId);
    if (connection) await this.quiet.connections.replace({ ...connection, state });
  }

  /** What a link remembers of a mapped field. */
  fieldState(link: Link, name: string): FieldState | undefined {
    return link.fieldStates[`${name.toUpperCase()}~${name}`];
  }

  async links(): Promise<Link[]> {
    const ids = Array.from({ length: this.options.links }, (_, at) => this.linkId(at));
    return this.quiet.links.getMany(tenantId, ids);
  }

  async log(): Promise<FieldChange[]> {
    const changes: FieldChange[] = [];
    for (let at = 0; at < this.options.links; at += 1) {
      let cursor: string | undefined;
      do {
        const page = await this.quiet.changeLog.list(
          tenantId,
          { linkId: this.linkId(at) },
          { limit: 200, ...(cursor && { cursor }) },
        );
        changes.push(...page.items);
        cursor = page.cursor;
      } while (cursor);
    }
    return changes;
  }

  async runs(): Promise<readonly Run[]> {
    const page = await this.quiet.runs.list(tenantId, {}, { limit: 200 });
    return page.items;
  }
}
