import type { Tallies } from '../core/model/proposal.ts';
import type {
  Chunk,
  ChunkRef,
  ChunkTurn,
  CounterDeltas,
  Run,
  RunReason,
  RunRef,
  RunState,
  TurnFindings,
} from '../core/model/run.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * Runs, their chunks and the slot that lets one run at a time detect the changes of a connection. Counting is exact
 * because each link has a result of its own, written with its record, and closing a chunk sums those once.
 */
export interface Runs {
  /**
   * Starts a run that detects its links by chains, in a slot of its connection. With the slot taken by another run: the
   * queued run of that slot is answered (made from this one if there is none), or nothing where `ifBusy` is `skip`. Safe
   * to repeat.
   */
  enterSlot(run: Run, slot: string, ifBusy: 'queue' | 'skip'): Promise<Run | undefined>;
  /** A run without a slot; with the chunks given (≤ 50) it is complete at once. */
  create(run: Run, chunks: readonly Chunk[]): Promise<void>;
  get(tenantId: string, runId: string): Promise<Run | undefined>;
  /** Newest first; latent runs are left out. */
  list(tenantId: string, filter: { connectionId?: string }, page: PageRequest): Promise<Page<Run>>;
  /**
   * Adds chunks (≤ 40) while the run is running and its chain is at `page`; makes a latent run visible. Chunks that exist
   * already stay as they are. Answers those to send now; where the run has as many out as it may the rest stay unsent.
   * Nothing = the run has ended or the chain moved on: nothing was added.
   */
  addChunks(run: Run, chain: string, page: number, chunks: readonly Chunk[]): Promise<readonly Chunk[] | undefined>;
  /** Chunks that were not sent yet, as many as may be out now: to be sent by the caller, and by nobody else. */
  takeUnsent(run: Run): Promise<readonly Chunk[]>;
  /** So many chunks are out of a run that does not move. The run with it; as it was given where it has moved since. */
  noteOut(run: Run, out: number): Promise<Run>;
  /** From `page` to the next, which starts at `from`; false = it was not at `page` any more. */
  advanceChain(run: Pick<Run, 'tenantId' | 'id'>, chain: string, page: number, from?: string): Promise<boolean>;
  /** Safe to repeat; the run as it is after, nothing if it does not exist. */
  endChain(tenantId: string, runId: string, chain: string): Promise<Run | undefined>;
  /** Gives the slot up if this run is in it; the run that was waiting for it, now running. Safe to repeat. */
  releaseSlot(tenantId: string, connectionId: string, slot: string, runId: string): Promise<Run | undefined>;
  /** Id of the run that is in the slot; it may have ended without giving the slot up (a crash). */
  runInSlot(tenantId: string, connectionId: string, slot: string): Promise<string | undefined>;
  getChunks(tenantId: string, chunks: readonly Omit<ChunkRef, 'tenantId'>[]): Promise<Chunk[]>;
  /** `prefix`: only those whose ids begin so. */
  openChunks(tenantId: string, runId: string, prefix?: string): Promise<Chunk[]>;
  /** Lets go of what was not sent, once the run has ended. Safe to repeat. */
  dropUnsent(tenantId: string, runId: string): Promise<void>;
  /** Ids of open chunks that were not sent yet. */
  unsentChunks(tenantId: string, runId: string, prefix?: string): Promise<ReadonlySet<string>>;
  /** A worker begins its turn at a chunk; nothing = the chunk is closed. Links recorded in it have their results by themselves. */
  beginTurn(ref: ChunkRef, holder: string): Promise<ChunkTurn | undefined>;
  /**
   * Ends a turn with what it found. Where every link has a result now the chunk is closed: its sums go to the run, one open
   * less; the run after that. So it is where the chunk gave its place up to others. Else nothing is answered.
   */
  endTurn(turn: ChunkTurn, found: TurnFindings): Promise<Run | undefined>;
  /** Ends a turn in which nothing was done, so that another may be alone at the chunk. Safe to repeat. */
  giveTurnBack(turn: ChunkTurn): Promise<void>;
  /**
   * A dry run's result of one link: counted the first time only in the run, for several chains may detect the link and no
   * due item tells them so. `tallies`: of a proposed mapping, likewise.
   */
  addFirstResult(chunk: Chunk, linkId: string, deltas: CounterDeltas, tallies?: Tallies): Promise<void>;
  /** Counts of the run itself that are nobody's result. */
  addCounts(run: RunRef, deltas: CounterDeltas): Promise<void>;
  /** As it is: its sums go to the run, links without a result are let go. The run after it; a second close does nothing. */
  closeChunk(tenantId: string, runId: string, chunkId: string): Promise<Run | undefined>;
  /** Moves a run to an end state while it has not ended; `done` states only while nothing is detecting and no chunk is open. */
  end(run: Run, state: RunState, at: string, reason?: RunReason): Promise<boolean>;
  /** Ends a run over all connections with the sums of theirs; false = it had ended. */
  endAll(run: Run, state: RunState, counts: CounterDeltas, at: string): Promise<boolean>;
  /** Several runs by id; those that are gone are left out. */
  getMany(tenantId: string, runIds: readonly string[]): Promise<Run[]>;
  /** Notes that a quiet run is helped on; false = it has ended, or somebody else has done so since it was read. */
  noteHelped(run: Run, at: string): Promise<boolean>;
  /** An idle poll leaves no run: deletes it if it is still latent. */
  dropLatent(tenantId: string, runId: string): Promise<void>;
  /** What the run is waiting out, or nothing any more; makes a latent run visible. */
  noteWaiting(tenantId: string, runId: string, waiting: Run['waiting']): Promise<void>;
  /** Whether any run of the connection has not ended, as its index says: it may lag behind. One query. */
  anyUnfinished(tenantId: string, connectionId: string): Promise<boolean>;
  /** Runs of a connection that have not ended, for the dispatcher; latent ones too where they are in a slot. */
  unfinished(tenantId: string, connectionId: string): Promise<Run[]>;
}
