import type { DueItem } from '../../core/model/due.ts';
import type { Engine } from '../engine.ts';
import type { LookContext } from './open-context.ts';

/** The chunk whose links are looked at. */
interface ChunkRef {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly runId: string;
  readonly chunkId: string;
}

/** What every step of a look works with. */
export interface Look {
  readonly engine: Engine;
  readonly context: LookContext;
  readonly chunk: ChunkRef;
}

export interface LookRound extends Look {
  /** Due items by link, read before the records: only these may be removed. */
  readonly dues: ReadonlyMap<string, DueItem>;
}
