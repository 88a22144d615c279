import { bySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import { namesSeen } from '../../core/model/record-names.ts';
import type { LinkRead } from './read-both.ts';

/**
 * The link with its records' names as they were just read. It counts as the link that was found: what a look stores has the
 * names with it, and a look that has nothing else to store stores nothing for them.
 */
export function asNamed(found: Link, { records }: LinkRead): Link {
  const names = namesSeen(
    found.names,
    bySide((side) => records[side]?.name),
  );
  return { ...found, names };
}
