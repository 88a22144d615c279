/**
 * Links that wait for list items which are mapped by now. Always true: the note that items were mapped goes only after a
 * pass over all waiting links that began when no worker was left which had read the pairs before: what such a one parks
 * would not be told. A crash leaves the note, and the next poll passes again. Attacked by
 * test/sync/released-links.test.ts.
 */

import * as z from 'zod';
import { isMappedByNow } from '../../core/mapping/awaited-items.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { mostLinksOfChunk } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';

/** Where the pass stands: what it may end, and the cursor of its next page. */
const Position = z.object({ ends: z.number().optional(), cursor: z.string() });

/** Whole chunks. */
const linksPerPage = 5 * mostLinksOfChunk;

interface WaitingPage {
  readonly linkIds: readonly string[];
  readonly from: string | undefined;
  /** Of the last page: the revision of the list mappings that everybody is sure to have been told of. */
  readonly released: number | undefined;
}

/** What a pass that begins now may end. */
function endsNow({ runtime, settings }: Engine, { lists: { revision, mappedAt } }: ConnectionSetup) {
  if (mappedAt === undefined) return undefined;
  return runtime.nowMs() >= Date.parse(mappedAt) + settings.leaseMs ? revision : undefined;
}

export async function waitingPage(
  engine: Engine,
  setup: ConnectionSetup,
  from: string | undefined,
): Promise<WaitingPage> {
  const { tenantId, id } = setup.connection;
  const at = from === undefined ? { ends: endsNow(engine, setup) } : Position.parse(JSON.parse(from));
  const cursor = 'cursor' in at ? at.cursor : undefined;
  const page = await engine.waitingLinks.list(tenantId, id, { limit: linksPerPage, cursor });
  const isLast = page.cursor === undefined;
  return {
    linkIds: page.items.filter(isMappedByNow(setup)).map(({ linkId }) => linkId),
    from: isLast ? undefined : JSON.stringify({ ends: at.ends, cursor: page.cursor }),
    released: isLast ? at.ends : undefined,
  };
}
