import type { DueItem } from '../../core/model/due.ts';
import type { Link } from '../../core/model/link.ts';
import type { Chunk, ChunkRef, ChunkTurn, Resync } from '../../core/model/run.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import type { MessageFacts } from '../guards/message-facts.ts';
import type { OpenEnds } from '../open-ends.ts';
import type { WorkerTime } from './worker-time.ts';

/** What storage has of the links of a message. */
export interface LinksFound {
  readonly links: readonly Link[];
  /** Read before any record of them is. */
  readonly dues: readonly DueItem[];
}

/** What every step of a look works with. */
export interface Look {
  readonly engine: Engine;
  readonly context: OpenEnds;
  /** Whose links are looked at. */
  readonly chunk: ChunkRef & Pick<Chunk, 'connectionId'> & Pick<LookMessage, 'passing'>;
  readonly turn: ChunkTurn;
  /** How its run differs from a comparison. */
  readonly resync: Resync | undefined;
  readonly facts: MessageFacts;
  /** To be told once something of a link was recorded, or may have been, whatever its last verdict is. */
  readonly recorded: () => void;
  readonly time: WorkerTime;
}

export interface LookRound extends Look {
  /** Due items by link, read before the records: only these may be removed. */
  readonly dues: ReadonlyMap<string, DueItem>;
}
