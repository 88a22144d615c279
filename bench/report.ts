/**
 * The goals of cost, speed and fairness: what each figure was when they were set (or, where that was of another case, as
 * first measured here), must be, and is.
 */
import { rounded } from './check.ts';
import type { Figure } from './figure.ts';

interface Goal {
  readonly what: string;
  readonly figure: string;
  readonly was: number | undefined;
  readonly most?: number;
  readonly least?: number;
}

const handlers = ['connections', 'links', 'sync', 'dispatcher', 'worker'];

const goals: readonly Goal[] = [
  { what: 'idle poll, storage calls', figure: 'calls.idle-poll-2-tables.storage-calls', was: 67, most: 8 },
  { what: 'idle poll, storage rounds', figure: 'calls.idle-poll-2-tables.storage-rounds', was: 61, most: 2 },
  { what: 'idle poll, messages', figure: 'calls.idle-poll-2-tables.messages', was: 5, most: 0 },
  { what: 'idle poll, invocations', figure: 'calls.idle-poll-2-tables.invocations', was: 6, most: 1 },
  { what: 'a million idle polls, $', figure: 'cost.us-east-1.million-idle-polls', was: 54.9, most: 6 },
  { what: 'the same, one table a side', figure: 'cost.us-east-1.million-idle-polls-1-table', was: 29 },
  { what: 'detect unchanged, links/s', figure: 'engine.detect-unchanged', was: 20_900, least: 50_000 },
  { what: 'detect unchanged, × floor', figure: 'engine.detect-unchanged.by-floor', was: 10.7, most: 4 },
  { what: 'compare unchanged, links/s', figure: 'engine.compare-unchanged', was: 5_250, least: 20_000 },
  { what: 'compare, storage calls a link', figure: 'calls.compare-5000.storage-calls', was: 1.6, most: 0.12 },
  { what: 'compare, write units a link', figure: 'calls.compare-5000.write-units', was: 2.4, most: 0.2 },
  { what: 'first sync, links/s', figure: 'engine.first-sync', was: 2_530, least: 10_000 },
  { what: 'changes, links/s', figure: 'engine.changes', was: 1_210, least: 5_000 },
  {
    what: 'a change of 8 fields, write units',
    figure: 'calls.changes-1000-of-8-fields.write-units',
    was: 33.4,
    most: 14,
  },
  {
    what: 'the same, transactions counted once',
    figure: 'calls.changes-1000-of-8-fields.write-units-but-once',
    was: 17.3,
    most: 14,
  },
  {
    what: 'a change of 20 fields, write units',
    figure: 'calls.changes-1000-of-20-fields.write-units',
    was: 45.4,
    most: 16,
  },
  {
    what: 'the same, transactions counted once',
    figure: 'calls.changes-1000-of-20-fields.write-units-but-once',
    was: undefined,
    most: 16,
  },
  { what: 'client, first syncs/s', figure: 'client.first-sync', was: 272, least: 1_360 },
  { what: 'client, changes/s', figure: 'client.changes', was: 230, least: 690 },
  {
    what: 'compare 10,000 at 200 ms, s',
    figure: 'latency.compare-200ms.seconds-for-10000',
    was: undefined,
    most: 30,
  },
  { what: 'compare 10,000, calls to the CRM', figure: 'latency.compare-200ms.crm-calls', was: 400 },
  {
    what: 'first sync 10,000 at 200 ms, s',
    figure: 'latency.first-sync-200ms.seconds-for-10000',
    was: undefined,
    most: 60,
  },
  { what: 'compare at 200 ms, % waiting', figure: 'latency.compare-200ms.waiting', was: 95 },
  { what: 'sync now, rounds of the request', figure: 'calls.sync-now-changed.request-rounds', was: 6, most: 3 },
  { what: 'sync now, rounds of its messages', figure: 'calls.sync-now-changed.message-rounds', was: 16, most: 8 },
  ...handlers.map((name) => ({
    what: `bundle of ${name}, KB`,
    figure: `bundles.${name}.size`,
    was: name === 'worker' ? 1_670 : undefined,
    most: 900,
  })),
  ...handlers.map((name) => ({
    what: `import of ${name}, × SDK and zod`,
    figure: `bundles.${name}.import-by-floor`,
    was: undefined,
    most: 1.3,
  })),
  { what: 'first error of the worker, MB more', figure: 'bundles.worker.memory-of-first-error', was: 64, most: 5 },
  { what: 'worker, MB at 5,000 links of 20 KB', figure: 'engine.worker-memory', was: 392, most: 256 },
  {
    what: 'others’ sync now behind a flood, p95 s',
    figure: 'lanes.slow-erp-with-caps.others-p95',
    was: undefined,
    most: 2,
  },
  { what: 'its own, p95 s', figure: 'lanes.slow-erp-with-caps.own-p95', was: undefined, most: 5 },
];

function bound({ most, least }: Goal): string {
  if (most !== undefined) return `≤ ${most}`;
  return least === undefined ? '–' : `≥ ${least}`;
}

function verdict({ most, least }: Goal, value: number): string {
  if (most === undefined && least === undefined) return '–';
  return value <= (most ?? value) && value >= (least ?? value) ? 'yes' : 'no';
}

/** A table in Markdown; what was not measured is left open. */
export function reportOf(figures: readonly Figure[]): string {
  const rows = goals.map((goal) => {
    const found = figures.find(({ name }) => name === goal.figure);
    const now = found ? String(rounded(found.value)) : '–';
    const met = found ? verdict(goal, found.value) : '–';
    return `| ${goal.what} | ${goal.was ?? '–'} | ${bound(goal)} | ${now} | ${met} |`;
  });
  return ['| | Was | Must be | Is | Met |', '|---|---|---|---|---|', ...rows].join('\n');
}
