import { handleWork } from '../app/handle-work.ts';
import { WorkerEnvironment } from '../config/env.ts';
import { wireEngine } from '../config/wiring.ts';
import { batchChain } from '../middleware/batch-chain.ts';

const engine = wireEngine(WorkerEnvironment.parse(process.env));

/** Does the work of the three queues. */
export const handler = batchChain({
  handle: (message, receiveCount) => handleWork(engine, message, receiveCount),
  telemetry: engine.telemetry,
});
