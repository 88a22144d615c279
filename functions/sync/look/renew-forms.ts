/**
 * Takes agreed values over into the forms that both sides are read in now. Always true: it is stored before anything is
 * planned on it, on condition of the revision, so that an edit made afterwards counts as one. A crash leaves the link as it
 * was, for the next look. Attacked by test/sync/form-version.test.ts.
 */
import type { BySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import type { RecordState } from '../../ports/record-system.ts';
import type { Look } from './look.ts';
import { inFormsRead } from './plan-read.ts';

/** The link as stored; as it is, if its values are in these forms already. */
export async function renewForms(
  { engine, context }: Look,
  link: Link,
  records: BySide<RecordState>,
): Promise<Link | 'superseded'> {
  const after = inFormsRead(context, link, records);
  return after === link ? link : engine.links.record({ before: link, after });
}
