import type { Chunk, Run } from '../../core/model/run.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import type { WorkerTime } from './worker-time.ts';

/** One look message in hand. */
export interface ChunkWork {
  readonly engine: Engine;
  readonly message: LookMessage;
  readonly run: Run;
  readonly chunk: Chunk;
  readonly time: WorkerTime;
}
