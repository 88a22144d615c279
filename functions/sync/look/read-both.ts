/**
 * Reads both sides of links. Always true: a side that cannot be read throws, so a record that is not among those read was
 * not there, twice over (confirm-gone.ts). It only reads, so a crash leaves nothing. Attacked by test/sync/writes.test.ts
 * and test/property/.
 */

import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { clockErrorMs } from '../../core/merge/side-time.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import type { RecordState } from '../../ports/record-system.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { OpenEnds } from '../open-ends.ts';
import { getConfirmed } from './confirm-gone.ts';

/** Both records of a link as one read found them; a side without a record has `undefined`. */
export interface LinkRead {
  readonly records: BySide<RecordState | undefined>;
  /** Each server's clock when its read began, milliseconds since 1970. */
  readonly readAtMs: BySide<number>;
  /** By how much each server's clock was ahead of ours at its read. */
  readonly clockErrorMs: BySide<number>;
}

/** Both records, unless one is gone. */
export function bothRecords({ records: { crm, erp } }: LinkRead): BySide<RecordState> | undefined {
  return crm && erp && { crm, erp };
}

interface TypeRead {
  readonly records: ReadonlyMap<string, RecordState>;
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
): Promise<TypeRead> {
  const [{ ends }] = links;
  const fields = coveredFields(mappedFields(context.setup, ends.erp.type), side);
  const keys = [...new Set(links.map((link) => link.ends[side].key))];
  const beganMs = runtime.nowMs();
  const { records, readAtMs } = await getConfirmed(context[side], ends[side].type, keys, fields);
  return {
    records: new Map(records.map((record) => [record.key, record])),
    readAtMs,
    clockErrorMs: clockErrorMs(readAtMs, beganMs, runtime.nowMs()),
  };
}

async function readSide(
  clock: Clock,
  context: OpenEnds,
  links: readonly Link[],
  side: Side,
): Promise<ReadonlyMap<string, TypeRead>> {
  const reads = new Map<string, TypeRead>();
  for (const [actorType, [first, ...others]] of Map.groupBy(links, (link) => link.ends.erp.type)) {
    if (first) reads.set(actorType, await readType(clock, context, [first, ...others], side));
  }
  return reads;
}

/** Reads both sides of all links, in as few calls as the systems allow. */
export async function readBoth(
  clock: Clock,
  context: OpenEnds,
  links: readonly Link[],
): Promise<ReadonlyMap<string, LinkRead>> {
  const [crm, erp] = await Promise.all([
    readSide(clock, context, links, 'crm'),
    readSide(clock, context, links, 'erp'),
  ]);
  const reads = { crm, erp };
  return new Map(
    links.map(({ id, ends }) => {
      const read = bySide((side) => reads[side].get(ends.erp.type));
      const records = bySide((side) => read[side]?.records.get(ends[side].key));
      return [
        id,
        {
          records,
          readAtMs: bySide((side) => read[side]?.readAtMs ?? 0),
          clockErrorMs: bySide((side) => read[side]?.clockErrorMs ?? 0),
        },
      ];
    }),
  );
}
