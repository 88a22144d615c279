import { batchChain } from '../queue/batch-chain.ts';
import { handleWork } from '../sync/handle-work.ts';
import { wireEngine } from '../wiring/engine.ts';
import { readEnvironment, WorkerEnvironment } from '../wiring/env.ts';

const engine = wireEngine(readEnvironment(WorkerEnvironment));

/** Does the work of the three queues. */
export const handler = batchChain({
  handle: (message, receiveCount) => handleWork(engine, message, receiveCount),
  telemetry: engine.telemetry,
});
