import type { LinkOfCrmRecord } from '../../core/model/crm-record.ts';
import type { ChunkTurn, CounterDeltas, Run, TurnFindings } from '../../core/model/run.ts';
import { addCounts } from '../../core/model/run.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import type { WorkerTime } from './worker-time.ts';

/** What is found in a turn of links that have no record of their own; stored once, when the turn ends. */
interface Found {
  unchanged(linkIds: Iterable<string>): void;
  failed(linkIds: Iterable<string>): void;
  /** Some links were recorded, or may have been. */
  recorded(): void;
  /** Links of it wait, each for its own sake. */
  apart(): void;
  /** Links of other connections were made due. */
  passedOn(links: readonly LinkOfCrmRecord[]): void;
  others(): readonly LinkOfCrmRecord[];
  /** Calls made. */
  counted(counts: CounterDeltas): void;
  all(): TurnFindings;
}

export function nothingFound(): Found {
  const unchanged = new Set<string>();
  const failed = new Set<string>();
  const others: LinkOfCrmRecord[] = [];
  let isRecorded = false;
  let isApart = false;
  let counts: CounterDeltas = {};
  return {
    unchanged: (linkIds) => {
      for (const linkId of linkIds) unchanged.add(linkId);
    },
    failed: (linkIds) => {
      for (const linkId of linkIds) failed.add(linkId);
    },
    recorded: () => {
      isRecorded = true;
    },
    apart: () => {
      isApart = true;
    },
    passedOn: (links) => {
      others.push(...links);
    },
    others: () => others,
    counted: (more) => {
      counts = addCounts(counts, more);
    },
    all: () => ({ unchanged: [...unchanged], failed: [...failed], recorded: isRecorded, apart: isApart, counts }),
  };
}

/** One look message in hand: a turn at its chunk. */
export interface ChunkWork {
  readonly engine: Engine;
  readonly message: LookMessage;
  readonly run: Run;
  readonly turn: ChunkTurn;
  readonly time: WorkerTime;
  readonly found: Found;
}
