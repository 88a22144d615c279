/**
 * One worker in a process of its own, with engine and SDK in it as in the function; its table, queue and systems are in
 * the process that started it. `bench/worker-memory.ts` bundles, starts and asks it.
 */
import { ulids } from '../functions/adapters/runtime/system-runtime.ts';
import type { RecordSystem } from '../functions/ports/record-system.ts';
import type { Table } from '../functions/ports/table.ts';
import type { QueueMessage, WorkQueue } from '../functions/ports/work-queue.ts';
import { handleWork } from '../functions/sync/handle-work.ts';
import { wireEngine } from '../functions/wiring/engine.ts';
import { WorkerEnvironment } from '../functions/wiring/env.ts';
import { applicationOn } from './application.ts';

export type ToWorker = { readonly handle: QueueMessage } | { readonly answerTo: number; readonly answer: unknown };
export type FromWorker =
  | { readonly done: true; readonly peakBytes: number }
  | { readonly ready: true; readonly peakBytes: number }
  | { readonly ask: number; readonly port: string; readonly method: string; readonly parameters: readonly unknown[] };

const waiting = new Map<number, (answer: unknown) => void>();
let asked = 0;

function tell(message: FromWorker): void {
  process.send?.(message);
}

/** A port whose other end is in the process that started this one. */
function remote<Port extends object>(port: string, methods: readonly (keyof Port & string)[]): Port {
  const ask =
    (method: string) =>
    (...parameters: unknown[]) =>
      new Promise((resolve) => {
        asked += 1;
        waiting.set(asked, resolve);
        tell({ ask: asked, port, method, parameters });
      });
  return Object.fromEntries(methods.map((method) => [method, ask(method)])) as Port;
}

const systemMethods = [
  'capabilities',
  'describe',
  'listItems',
  'start',
  'listChanges',
  'get',
  'update',
  'access',
] as const;
const system = (side: string): RecordSystem => ({
  ...remote<RecordSystem>(side, systemMethods),
  callCount: () => 0,
});

const text = (name: string) => [name, 'x'] as const;
const names = ['STAGE', 'TABLE_NAME', 'QUEUE_URL_HIGH', 'QUEUE_URL_NORMAL', 'QUEUE_URL_LOW', 'SCHEDULE_GROUP'];
const wired = wireEngine(
  WorkerEnvironment.parse({
    ...Object.fromEntries([...names, 'DISPATCHER_ARN', 'SCHEDULER_ROLE_ARN', 'SECRET_PREFIX'].map(text)),
    OUTBOUND_ALLOW_HTTP: 'false',
    OUTBOUND_ALLOW_LOOPBACK: 'false',
    OUTBOUND_PRIVATE_RANGES: '',
    LEASE_SECONDS: '70',
    STALLED_SECONDS: '600',
  }),
);
const app = {
  ...wired,
  ...applicationOn({
    table: remote<Table>('table', ['get', 'getMany', 'query', 'putMany', 'write', 'transact']),
    queue: remote<WorkQueue>('queue', ['send']),
    systems: { crm: system('crm'), erp: system('erp') },
    runtime: { ...wired.runtime, newId: ulids(Date.now) },
  }),
};

const peakBytes = () => process.resourceUsage().maxRSS * 1024;

process.on('message', async (message: ToWorker) => {
  if ('answerTo' in message) {
    waiting.get(message.answerTo)?.(message.answer);
    waiting.delete(message.answerTo);
    return;
  }
  await handleWork(app, message.handle, 1);
  tell({ done: true, peakBytes: peakBytes() });
});
tell({ ready: true, peakBytes: peakBytes() });
