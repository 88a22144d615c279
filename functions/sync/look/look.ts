import type { LinkOfCrmRecord } from '../../core/model/crm-record.ts';
import type { DueItem } from '../../core/model/due.ts';
import type { Link } from '../../core/model/link.ts';
import type { Chunk, ChunkRef, ChunkTurn, Resync } from '../../core/model/run.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import type { MessageFacts } from '../guards/message-facts.ts';
import type { OpenEnds } from '../open-ends.ts';
import type { OtherLinks } from './other-links.ts';
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
  /** A resync goes on from the CRM record to the links of other connections. */
  readonly toOthers: boolean;
  readonly facts: MessageFacts;
  /** To be told once something of a link was recorded, or may have been, whatever its last verdict is. */
  readonly recorded: () => void;
  /** To be told which links of other connections were made due, by what was written to the CRM. */
  readonly passedOn: (links: readonly LinkOfCrmRecord[]) => void;
  readonly time: WorkerTime;
}

export interface LookRound extends Look {
  /** Due items by link, read before the records: only these may be removed. */
  readonly dues: ReadonlyMap<string, DueItem>;
  /** By link, of those whose CRM record has links of other connections; what settling tells of one is noted here. */
  readonly others: Map<string, OtherLinks>;
}
