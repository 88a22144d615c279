/**
 * What a link remembers of each record, so that a listed record which shows just that needs no look. Always true: a
 * record counts as seen only in a state that a look has dealt with; where our own write may have met somebody's edit it is
 * not seen, and is read again. Attacked by test/property/ (no echo, no lost edit) and
 * test/core/merge/seen.test.ts.
 */

import type { SeenState } from '../model/link.ts';
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

/** Every record of a mapping is told by the same fields. */
const sorted = new WeakMap<readonly string[], readonly string[]>();

function inOrder(covered: readonly string[]): readonly string[] {
  const known = sorted.get(covered);
  if (known) return known;
  const fields = covered.toSorted();
  sorted.set(covered, fields);
  return fields;
}

/** Of the values of the fields that the mapping covers, and of the standing; links keep it, so its form may not change. */
function fingerprintOf({ values, standing }: ReadRecord, covered: readonly string[]): string {
  const mapped = inOrder(covered).map((field) => [field, values[field] ?? null]);
  return fingerprint(standing ? [mapped, standing] : mapped);
}

/** What a record that is listed later is compared with. */
export function seenNow(record: ReadRecord, covered: readonly string[]): SeenState {
  return { version: record.version, values: fingerprintOf(record, covered) };
}

export function wasSeen(seen: SeenState | undefined, record: ReadRecord, covered: readonly string[]): boolean {
  return seen?.version === record.version && seen.values === fingerprintOf(record, covered);
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
