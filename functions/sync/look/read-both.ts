/**
 * Reads both sides of links. Always true: a side that cannot be read throws, and a record or type that cannot is told of
 * its links alone, so a record that is not among those read was not there, twice over (confirm-gone.ts). It only reads, so
 * a crash leaves nothing. Attacked by test/sync/writes.test.ts, test/sync/one-link.test.ts and test/property/.
 */

import { asSyncError, SyncError } from '../../core/errors.ts';
import { clockErrorMs } from '../../core/merge/side-time.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import { type Side, sides } from '../../core/model/side.ts';
import type { RecordState } from '../../ports/record-system.ts';
import type { Runtime } from '../../ports/runtime.ts';
import { ofRecordType } from '../guards/of-record-type.ts';
import type { OpenEnds } from '../open-ends.ts';
import { getConfirmed, type Reading } from './confirm-gone.ts';
import { fieldsToRead, filtered } from './filtered.ts';

/** Both records of a link as one read found them; a side without a record has `undefined`. */
export interface LinkRead {
  readonly records: BySide<RecordState | undefined>;
  /** Each server's clock when its read began, milliseconds since 1970. */
  readonly readAtMs: BySide<number>;
  /** By how much each server's clock was ahead of ours at its read. */
  readonly clockErrorMs: BySide<number>;
}

/** Why a link was not read although its systems answer. `own`: the reason is one record's; otherwise its type's. */
export interface NotRead {
  readonly side: Side;
  readonly error: SyncError;
  readonly own: boolean;
}

interface TypeRead {
  readonly records: ReadonlyMap<string, RecordState>;
  readonly failed: ReadonlyMap<string, SyncError>;
  readonly readAtMs: number;
  readonly clockErrorMs: number;
}

/** What reads take from an engine. */
interface Clock {
  readonly runtime: Pick<Runtime, 'nowMs'>;
}

/** One side of links of one actor type. */
async function readType(
  { runtime }: Clock,
  context: OpenEnds,
  links: readonly [Link, ...Link[]],
  side: Side,
  reading: Reading,
): Promise<TypeRead | SyncError> {
  const [{ ends }] = links;
  const { type } = ends[side];
  const fields = fieldsToRead(context.setup, ends.erp.type, side);
  const keys = [...new Set(links.map((link) => link.ends[side].key))];
  const beganMs = runtime.nowMs();
  try {
    const { records, failed, readAtMs } = await getConfirmed(context[side], { type, keys, fields }, reading);
    return {
      records: new Map(
        records.map((record) => [record.key, filtered(context.setup, ends.erp.type, side, record)] as const),
      ),
      failed: new Map(failed.map(({ key, error }) => [key, error])),
      readAtMs,
      clockErrorMs: clockErrorMs(readAtMs, beganMs, runtime.nowMs()),
    };
  } catch (failure) {
    const error = ofRecordType(asSyncError(failure), type);
    if (error.recordType === undefined) throw failure;
    return error;
  }
}

type Reads = ReadonlyMap<string, TypeRead | SyncError>;

async function readSide(
  clock: Clock,
  context: OpenEnds,
  links: readonly Link[],
  side: Side,
  reading: Reading,
): Promise<Reads> {
  const reads = new Map<string, TypeRead | SyncError>();
  for (const [actorType, [first, ...others]] of Map.groupBy(links, (link) => link.ends.erp.type)) {
    if (first) reads.set(actorType, await readType(clock, context, [first, ...others], side, reading));
  }
  return reads;
}

function whyNotRead({ ends }: Link, reads: BySide<Reads>): NotRead | undefined {
  for (const side of sides) {
    const read = reads[side].get(ends.erp.type);
    if (!read) continue;
    if (!('records' in read)) return { side, error: read, own: false };
    const error = read.failed.get(ends[side].key);
    if (error) return { side, error, own: true };
  }
  return undefined;
}

function linkRead({ ends }: Link, reads: BySide<Reads>): LinkRead {
  const ofSide = (side: Side) => {
    const read = reads[side].get(ends.erp.type);
    return read && 'records' in read ? read : undefined;
  };
  return {
    records: bySide((side) => ofSide(side)?.records.get(ends[side].key)),
    readAtMs: bySide((side) => ofSide(side)?.readAtMs ?? 0),
    clockErrorMs: bySide((side) => ofSide(side)?.clockErrorMs ?? 0),
  };
}

/** Of what `readBoth` answered: every link asked for is in it. */
export function readOf(reads: ReadonlyMap<string, LinkRead | NotRead>, { id }: Link): LinkRead | NotRead {
  const read = reads.get(id);
  if (!read) throw new SyncError('defect', `Link ${id} was not read.`);
  return read;
}

/** Reads both sides of all links, in as few calls as the systems allow. */
export async function readBoth(
  clock: Clock,
  context: OpenEnds,
  links: readonly Link[],
  reading: Reading = (read) => read(),
): Promise<ReadonlyMap<string, LinkRead | NotRead>> {
  const [crm, erp] = await Promise.all([
    readSide(clock, context, links, 'crm', reading),
    readSide(clock, context, links, 'erp', reading),
  ]);
  const reads = { crm, erp };
  return new Map(links.map((link) => [link.id, whyNotRead(link, reads) ?? linkRead(link, reads)]));
}
