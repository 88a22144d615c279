import type { SeenState } from '../model/link.ts';
import type { SideTime } from './policy.ts';
import { type ReadRecord, seenNow } from './seen.ts';

interface Reading {
  readonly record: ReadRecord;
  /** As the last look left it. */
  readonly seen: SeenState | undefined;
  readonly covered: readonly string[];
  /** By how much its server's clock was ahead of ours at the read. */
  readonly clockErrorMs: number;
  /** A write of ours may have landed since it was seen, and somebody may have put back what it replaced. */
  readonly overtaken: boolean;
}

/**
 * When the values of a record were changed, by our clock; nothing where that cannot be known. A record that something
 * unmapped has moved since it was seen was changed when it was seen.
 */
export function sideTime({ record, seen, covered, clockErrorMs, overtaken }: Reading): SideTime | undefined {
  const { version, changedAtMs, lastWriterIsUs } = record;
  if (changedAtMs === undefined) return undefined;
  const movedOnly = seen && seen.version !== version && !overtaken && seen.values === seenNow(record, covered).values;
  if (!movedOnly) {
    const sure = seen !== undefined && lastWriterIsUs !== undefined && !overtaken;
    return { changedAtMs: changedAtMs - clockErrorMs, lastWriterIsUs: lastWriterIsUs === true, sure };
  }
  if (seen.changedAtMs === undefined) return undefined;
  const earlierMs = Math.min(seen.changedAtMs, changedAtMs);
  return { changedAtMs: earlierMs - clockErrorMs, lastWriterIsUs: false, sure: true };
}

/** By how much a server's clock is ahead of ours, told by a read that we began and ended at these times; 0 if it may be right. */
export function clockErrorMs(readAtMs: number, beganMs: number, endedMs: number): number {
  return readAtMs - Math.min(Math.max(readAtMs, beganMs), endedMs);
}
