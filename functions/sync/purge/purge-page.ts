/**
 * One message of a purge. Always true: it takes nothing from a connection that is not marked as purged, and as long as it
 * finds anything it sends the next message. A crash leaves links and runs that the next message, or the schedule's next
 * call of the dispatcher, finds. Attacked by test/features/connections/purge-connection.test.ts.
 */
import type { PageRequest } from '../../ports/page.ts';
import type { PurgedPage } from '../../ports/purges.ts';
import type { PurgeMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { workerTime } from '../look/worker-time.ts';
import { takePages } from './take-pages.ts';

const mostAMessage = 1_000;
/** So that indexes show by then what has gone; and a purge hurries nobody. */
const pauseMs = 5_000;

/** Takes pages until there is nothing left, enough is done or the worker's time is up; whether it was through and found nothing. */
async function takeAll(engine: Engine, take: (page: PageRequest) => Promise<PurgedPage>) {
  const time = workerTime(engine);
  const { removed, isAtEnd } = await takePages(take, (sofar) => sofar < mostAMessage && time.allows(0));
  return { removed, isThrough: isAtEnd && removed === 0 };
}

/** Removes links and runs of a purged connection, as many as one message may. Safe to repeat, and beside itself. */
export async function purgePage(engine: Engine, message: PurgeMessage): Promise<void> {
  const { tenantId, connectionId } = message;
  const connection = await engine.connections.get(tenantId, connectionId);
  if (!connection?.purging) return;
  const links = await takeAll(engine, (page) => engine.purges.links(tenantId, connectionId, page));
  const runs = links.isThrough
    ? await takeAll(engine, (page) => engine.purges.runs(tenantId, connectionId, page))
    : undefined;
  engine.telemetry.count('LinksPurged', links.removed);
  if (!runs?.isThrough) await engine.queue.send([message], { delayMs: pauseMs });
}
