/**
 * What a link remembers of each record, so that a listed record which shows just that needs no look. Always true: a
 * record counts as seen only in a state that a look has dealt with; where our own write may have met somebody's edit it is
 * not seen, and is read again. Attacked by test/property/ (no echo, no lost edit) and
 * test/core/merge/seen.test.ts.
 */

import type { Link, SeenState } from '../model/link.ts';
import type { Side } from '../model/side.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { sameValue, type Values } from '../values/value.ts';
import type { SideAnswer } from './side-answer.ts';

export interface ReadRecord {
  readonly version: string;
  readonly values: Values;
  /** How the record stands, where it is not live. */
  readonly standing?: object | undefined;
  /** By its server's clock, milliseconds since 1970. */
  readonly changedAtMs?: number;
  /** Absent = its system cannot tell. */
  readonly lastWriterIsUs?: boolean;
}

/** Each record that was read is asked for its fingerprint several times in a look. */
const printed = new WeakMap<ReadRecord, { readonly covered: readonly string[]; readonly values: string }>();

/** What a listed record is compared with: its version, the values of the fields that the mapping covers, its standing. */
export function seenNow(record: ReadRecord, covered: readonly string[]): SeenState {
  const known = printed.get(record);
  if (known?.covered === covered) return { version: record.version, values: known.values };
  const { version, values: all, standing } = record;
  const mapped = covered.toSorted().map((field) => [field, all[field] ?? null]);
  const values = fingerprint(standing ? [mapped, standing] : mapped);
  printed.set(record, { covered, values });
  return { version, values };
}

export function wasSeen(link: Pick<Link, 'seen'>, side: Side, record: ReadRecord, covered: readonly string[]): boolean {
  const seen = link.seen[side];
  return seen?.version === record.version && seen.values === seenNow(record, covered).values;
}

export interface SideLook {
  readonly read: ReadRecord;
  readonly sent: Values;
  readonly answer: SideAnswer;
  /** Fields of this side that the mapping covers. */
  readonly covered: readonly string[];
}

/** The side after a look, if nothing but us has touched it since the read; otherwise it has to be seen again. */
export function seenAfter({ read, sent, answer, covered }: SideLook): SeenState | undefined {
  if (answer.outcome === 'none') {
    const seen = seenNow(read, covered);
    return read.changedAtMs === undefined || read.lastWriterIsUs ? seen : { ...seen, changedAtMs: read.changedAtMs };
  }
  if (answer.outcome !== 'ok' || answer.version === undefined || answer.stored === undefined) return undefined;
  const { stored, version } = answer;
  const strange = covered.some(
    (field) => !(field in sent) && field in stored && !sameValue(stored[field], read.values[field]),
  );
  if (strange || covered.some((field) => field in sent && !(field in stored))) return undefined;
  return seenNow({ version, values: { ...read.values, ...stored } }, covered);
}
