/**
 * A record system that keeps each record as the text that its server would send, and does no more than read and write
 * that: what is measured is the engine. Changes are a log, and a cursor is a position in it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FieldMetadata } from '../functions/core/model/field.ts';
import type { Value, Values } from '../functions/core/values/value.ts';
import {
  allAllowed,
  type ChangePage,
  type RecordState,
  type RecordSystem,
  type RecordWrite,
  type WriteAnswer,
} from '../functions/ports/record-system.ts';

interface PlainType {
  readonly type: string;
  readonly table: string;
  readonly fields: readonly FieldMetadata[];
}

interface PlainSystemOptions {
  readonly types: readonly PlainType[];
  readonly nowMs: () => number;
  readonly updateBatch: number;
  /** How long each call takes. */
  readonly latencyMs?: number;
  /** What each call waits for, where it takes no time. */
  readonly answered?: () => Promise<void>;
  readonly pageSize?: number;
}

/** What the system was asked. */
interface CallCounts {
  readonly calls: number;
  /** Milliseconds in calls, each call by itself. */
  readonly inCallsMs: number;
}

export interface PlainSystem extends RecordSystem {
  /** A person's change, or creation. */
  edit(table: string, key: string, values: Readonly<Record<string, Value>>): void;
  /** Lists every record of the table once more, unchanged, after whatever was listed already. */
  listAgain(table: string): void;
  /** The text of the page that has these records. */
  pageText(table: string, keys: readonly string[]): string;
  keys(table: string): string[];
  counted(): CallCounts;
  startAnew(): void;
}

interface Table {
  readonly records: Map<string, { readonly version: number; readonly text: string }>;
  readonly log: string[];
}

export function plainSystem(options: PlainSystemOptions): PlainSystem {
  const { types, nowMs, updateBatch, latencyMs = 0, answered, pageSize = 200 } = options;
  const tables = new Map<string, Table>(types.map(({ table }) => [table, { records: new Map(), log: [] }]));
  let [calls, inCallsMs, made] = [0, 0, 0];

  const tableOf = (name: string): Table => {
    const table = tables.get(name);
    if (!table) throw new Error(`no table ${name}`);
    return table;
  };
  const tableOfType = (type: string) => tableOf(types.find((one) => one.type === type)?.table ?? type);

  const call = async <Answer>(answer: () => Answer): Promise<Answer> => {
    calls += 1;
    made += 1;
    if (latencyMs === 0) {
      await answered?.();
      return answer();
    }
    const begun = performance.now();
    await pause(latencyMs);
    inCallsMs += performance.now() - begun;
    return answer();
  };

  const store = (table: Table, key: string, values: Values): RecordState => {
    const version = (table.records.get(key)?.version ?? 0) + 1;
    const state: RecordState = { key, version: `w${version}`, values, changedAtMs: nowMs() };
    table.records.set(key, { version, text: JSON.stringify(state) });
    table.log.push(key);
    return state;
  };

  const pageText = ({ records }: Table, keys: readonly string[]): string =>
    `[${keys.flatMap((key) => records.get(key)?.text ?? []).join(',')}]`;
  const read = (table: Table, keys: readonly string[]): RecordState[] => JSON.parse(pageText(table, keys));

  const update = (table: Table, { key, version, values }: RecordWrite): WriteAnswer => {
    const [now] = read(table, [key]);
    if (!now) return { outcome: 'missing' };
    if (now.version !== version) return { outcome: 'stale' };
    const stored = store(table, key, { ...now.values, ...values });
    return { outcome: 'ok', version: stored.version, stored: stored.values };
  };

  return {
    edit(name, key, values) {
      const table = tableOf(name);
      const [now] = read(table, [key]);
      store(table, key, { ...now?.values, ...values });
    },
    listAgain: (name) => void tableOf(name).log.push(...tableOf(name).records.keys()),
    pageText: (name, keys) => pageText(tableOf(name), keys),
    keys: (name) => [...tableOf(name).records.keys()],
    counted: () => ({ calls, inCallsMs }),
    startAnew: () => {
      calls = 0;
      inCallsMs = 0;
    },
    capabilities: async () => ({
      types: types.map(({ type, table }) => ({ type, label: type, table })),
      updateBatch,
      callsOpen: 8,
      version: { kind: 'exact' },
      timeResolutionMs: 1,
      listMayMissEdits: false,
      listMissesDeletes: false,
      formVersion: 1,
    }),
    describe: async (type) => [...(types.find((one) => one.type === type)?.fields ?? [])],
    listItems: async () => [],
    start: (name) => call(() => String(tableOf(name).log.length)),
    listChanges: ({ table: name, cursor }) =>
      call((): ChangePage => {
        const table = tableOf(name);
        const from = Number(cursor);
        const keys = table.log.slice(from, from + pageSize);
        const to = from + keys.length;
        return { records: read(table, [...new Set(keys)]), cursor: String(to), complete: to === table.log.length };
      }),
    get: (type, keys) =>
      call(() => {
        const table = tableOfType(type);
        const missing = keys.filter((key) => !table.records.has(key));
        return { records: read(table, keys), missing, failed: [], readAtMs: nowMs() };
      }),
    whichExist: (type, keys) =>
      call(() => {
        const { records } = tableOfType(type);
        const found = keys.filter((key) => records.has(key));
        return { found, notFound: keys.filter((key) => !records.has(key)), unanswered: [] };
      }),
    search: () => call(() => ({ records: [] })),
    update: (type, writes) => call(() => writes.map((write) => update(tableOfType(type), write))),
    access: () => call(() => allAllowed),
    wholeNames: async () => new Map(),
    callCount: () => made,
  };
}
