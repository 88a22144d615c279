import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { QueueMessage } from '../functions/ports/work-queue.ts';
import { bundleFile } from './bundle.ts';
import type { Figure } from './figure.ts';
import { lightTable } from './light-table.ts';
import type { FromWorker, ToWorker } from './memory-worker.ts';
import { BenchWorld } from './world.ts';

const links = 5_000;
/** Values of 20 fields, in both forms: a link of about 20 KB. */
const large = { fields: 20, valueBytes: 450 };
/** What is left to V8 in a function of 1 GB. */
const heapMb = 921;

/** Serves the worker's ports; `done` is told at the end of a message. */
function serve(worker: ChildProcess, ports: Readonly<Record<string, object>>, done: (peakBytes: number) => void): void {
  const answer = async (message: FromWorker) => {
    if (!('ask' in message)) return done(message.peakBytes);
    const port = ports[message.port] ?? {};
    const method: unknown = Reflect.get(port, message.method);
    if (typeof method !== 'function') throw new Error(`The worker asks for ${message.port}.${message.method}.`);
    const told: ToWorker = { answerTo: message.ask, answer: await method.apply(port, message.parameters) };
    worker.send(told);
  };
  worker.on('message', answer);
}

/** Peak memory of a worker that looks at links of 20 KB, first and compared: when it has begun, and when it is done. */
export async function peakMemory(): Promise<Figure[]> {
  const table = lightTable();
  const world = new BenchWorld({ table, ...large });
  await world.setUp(links);
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const file = bundleFile(path.join(import.meta.dirname, 'memory-worker.ts'), folder);
  const env = { ...process.env, AWS_REGION: 'eu-west-1', NODE_OPTIONS: '' };
  const worker = fork(file, { serialization: 'advanced', execArgv: [`--max-old-space-size=${heapMb}`], env });
  try {
    let told: (peakBytes: number) => void = () => {};
    let failed: (error: Error) => void = () => {};
    worker.on('exit', (code) => failed(new Error(`The worker ended with ${code}.`)));
    const next = () =>
      new Promise<number>((resolve, reject) => {
        told = resolve;
        failed = reject;
      });
    const ready = next();
    serve(worker, { table, queue: world.app.queue, ...world.systems }, (peakBytes) => told(peakBytes));
    const atStart = await ready;
    let peak = atStart;
    const handle = async (message: QueueMessage) => {
      const done = next();
      const sent: ToWorker = { handle: message };
      worker.send(sent);
      peak = await done;
    };
    await world.poll();
    await world.work(handle);
    const { id } = await world.compare();
    await world.work(handle);
    await world.expectCounted(id, { lookedAt: links, changed: 0 });
    const mb = (bytes: number) => bytes / 2 ** 20;
    return [
      { name: 'engine.worker-memory-at-start', value: mb(atStart), unit: 'MB RSS' },
      { name: 'engine.worker-memory', value: mb(peak), unit: 'MB RSS', worse: 'higher' },
    ];
  } finally {
    worker.removeAllListeners('exit');
    worker.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
