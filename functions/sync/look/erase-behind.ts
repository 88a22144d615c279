/**
 * Planned changes of links that were erased while a dry run was planning them. Always true: who stores values of a link
 * without a condition looks afterwards whether it is erased by now, and so does who finds it so later: of the erasing and
 * this, the one that comes last sees the other. A crash in between leaves them to the message's next receive. Attacked by
 * test/features/links/erase-record.test.ts.
 */
import type { Link } from '../../core/model/link.ts';
import type { Engine } from '../engine.ts';

const pageSize = 100;

export async function eraseBehind(
  { changeLog }: Engine,
  links: readonly Pick<Link, 'tenantId' | 'id' | 'erasedAt'>[],
): Promise<void> {
  for (const { tenantId, id, erasedAt } of links) {
    if (erasedAt === undefined) continue;
    let cursor: string | undefined;
    do ({ cursor } = await changeLog.erase(tenantId, id, { limit: pageSize, cursor }));
    while (cursor !== undefined);
  }
}
