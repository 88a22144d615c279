import type { RowStamp } from './record.ts';

const nameOf = (row: RowStamp): string => `${row.model},${row.id}`;

/**
 * The version of a record: `_timestamp` of its own row and of every child row read, as JSON with sorted names. A nested
 * write that sends only the parent's overwrites a child that somebody changed, so all of them count.
 */
export function versionOf(rows: readonly RowStamp[]): string {
  return JSON.stringify(timestampsOf(rows));
}

/** In the form that Tryton takes in the context of a write: `{"party.party,1": "1795394815.47138"}`. */
export function timestampsOf(rows: readonly RowStamp[]): Record<string, string> {
  const entries = rows.map((row): [string, string] => [nameOf(row), row.timestamp]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

export function changedAtMs(rows: readonly RowStamp[]): number {
  return Math.max(...rows.map((row) => row.modifiedAtMs));
}

/** Whoever changed the record last is this user: true for the newest of its rows. */
export function lastWriterIs(userId: number, rows: readonly RowStamp[]): boolean {
  const newestMs = changedAtMs(rows);
  return rows.every((row) => row.modifiedAtMs < newestMs || row.writerId === userId);
}

/**
 * What was read after our write is certainly what it left: every row is as it was before, or was last written by our
 * own user, and only rows that we removed (`removed`: their names) are gone.
 */
export function provenOwn(
  userId: number,
  before: readonly RowStamp[],
  after: readonly RowStamp[],
  removed: readonly string[],
): boolean {
  const earlier = timestampsOf(before);
  const later = timestampsOf(after);
  const gone = Object.keys(earlier).filter((name) => !(name in later));
  return (
    gone.every((name) => removed.includes(name)) &&
    after.every((row) => earlier[nameOf(row)] === row.timestamp || row.writerId === userId)
  );
}
