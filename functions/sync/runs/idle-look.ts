/**
 * A call of the schedule that finds nothing to do ends here: no run, no slot, no message. Always true: it stores a cursor
 * only where every listed record is seen as it is or not linked, and the links are read after the list; whatever makes what
 * was seen of a link invalid makes the link due in its own transaction. Anything else, trouble too, is left to a run, as
 * nothing had been read. Two at once store a cursor once. A crash leaves the cursors before or after. Attacked by
 * test/sync/idle-look.test.ts, test/property/ and test/crash/every-port-call.test.ts.
 */
import { isMapped } from '../../core/mapping/mapping.ts';
import type { ConnectionActivity } from '../../core/model/connection.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { isEngineStopped } from '../../core/model/tenant.ts';
import type { TableCursor } from '../../ports/cursors.ts';
import type { RecordState } from '../../ports/record-system.ts';
import type { DispatchMessage } from '../../ports/work-queue.ts';
import { changedLinks, listPage } from '../detect/read-chain-page.ts';
import type { Engine } from '../engine.ts';
import { forgetPassedThrottles } from '../guards/heed-throttle.ts';
import { standsWhereTested } from '../guards/mark-moved.ts';
import { type OpenEnds, openStored } from '../open-ends.ts';
import { mappedTables } from './chains.ts';
import { dailyWork } from './daily-work.ts';
import { isDescribed } from './describe-daily.ts';
import { isPollDue } from './poll-due.ts';
import { tellLateness } from './poll-lateness.ts';
import { slotOf } from './slots.ts';

/** Of one list; more is a run's work. */
const mostPages = 3;
/** In all, for the lists: a slow system is a run's work, which waits for it where people see it. */
const longestListsMs = 10_000;
/** A cursor that nothing was listed after is stored so often. */
const quietCursorMs = 10 * 60_000;

const poll = { kind: 'sync', scope: { kind: 'connection' }, dryRun: false, trigger: { by: 'schedule' } } as const;

/** What is read of the connection before anything is asked of its systems. */
interface Stored {
  readonly setup: ConnectionSetup;
  readonly cursors: readonly TableCursor[];
  readonly activity: ConnectionActivity;
}

/** All of it side by side; nothing where something is up that a run or the dispatcher has to deal with. */
async function quietlyStored(engine: Engine, { tenantId, connectionId, connectorId }: DispatchMessage) {
  const now = engine.runtime.now();
  const [found, tenant, throttles, breakers, activity, connector, inSlot, isUnfinished, isRipe] = await Promise.all([
    engine.connections.getSetupWithCursors(tenantId, connectionId),
    engine.tenants.get(tenantId),
    engine.throttles.get(tenantId, connectionId),
    engine.breakers.get(tenantId, connectionId),
    engine.connections.activity(tenantId, connectionId),
    connectorId === undefined ? undefined : engine.connectors.get(tenantId, connectorId),
    engine.runs.runInSlot(tenantId, connectionId, slotOf(poll)),
    engine.runs.anyUnfinished(tenantId, connectionId),
    engine.dueItems.anyRipe(tenantId, connectionId, now),
  ]);
  if (!found || !tenant || inSlot !== undefined || isUnfinished || isRipe) return undefined;
  const { setup } = found;
  const { connection, brakes, actorTypes, lists } = setup;
  if (lists.mappedAt !== undefined) return undefined;
  if (connection.state !== 'active' || brakes.length > 0 || actorTypes.some(({ suspended }) => suspended))
    return undefined;
  const stands = connector ?? (await engine.connectors.get(tenantId, connection.connectorId));
  if (!standsWhereTested(connection, stands)) return undefined;
  if (Object.keys(activity.chainsWaiting ?? {}).length > 0) return undefined;
  return { ...found, tenant, throttles, breakers, activity };
}

/** A list that was read to its end. */
interface WholeList {
  readonly cursor: TableCursor;
  readonly records: readonly RecordState[];
  /** Where the next list begins. */
  readonly next: string;
}

/** Nothing where it has more pages, or time runs out; throws what its system throws. */
async function readWholeList(
  engine: Engine,
  context: OpenEnds,
  stored: TableCursor,
  untilMs: number,
): Promise<WholeList | undefined> {
  const records: RecordState[] = [];
  let { cursor } = stored;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await listPage(engine, context, { ...stored, cursor });
    if (engine.runtime.nowMs() > untilMs) return undefined;
    records.push(...page.records);
    cursor = page.cursor;
    if (page.complete) return { cursor: stored, records, next: cursor };
  }
  return undefined;
}

/** All lists side by side; nothing where one is not read to its end or its system does not answer well. */
async function readAllLists(
  engine: Engine,
  context: OpenEnds,
  cursors: readonly TableCursor[],
): Promise<WholeList[] | undefined> {
  const untilMs = engine.runtime.nowMs() + longestListsMs;
  const lists = await Promise.allSettled(cursors.map((cursor) => readWholeList(engine, context, cursor, untilMs)));
  const whole = lists.flatMap((list) => (list.status === 'fulfilled' && list.value ? [list.value] : []));
  return whole.length === cursors.length ? whole : undefined;
}

/** The cursors of all mapped tables; nothing where one is missing. */
function cursorsOf({ setup, cursors }: Stored): TableCursor[] | undefined {
  const tables = mappedTables(setup);
  const found = tables.flatMap(({ side, table }) => {
    return cursors.find((cursor) => cursor.side === side && cursor.table === table) ?? [];
  });
  return found.length === tables.length ? found : undefined;
}

function isQuiet({ runtime }: Engine, { records, cursor }: WholeList): boolean {
  if (records.length > 0 || cursor.storedAt === undefined) return false;
  return runtime.nowMs() - Date.parse(cursor.storedAt) < quietCursorMs;
}

/** Whether the call ends here: nothing is to be done, and what that took is stored. */
export async function endsIdle(engine: Engine, message: DispatchMessage): Promise<boolean> {
  const stored = await quietlyStored(engine, message);
  if (!stored) return false;
  const { setup, activity, tenant } = stored;
  const { tenantId, id: connectionId } = setup.connection;
  if (isEngineStopped(tenant)) return true;
  if (!isPollDue(engine, setup.connection, activity)) return true;
  const cursors = cursorsOf(stored);
  if (!cursors || setup.actorTypes.every(({ fields }) => !fields.some(isMapped))) return false;
  const opened = await openStored(engine, stored);
  if (!opened || !('context' in opened)) return false;
  const { context } = opened;
  const today = engine.runtime.now().slice(0, 10);
  if (!isDescribed(activity, today) || dailyWork(context.capabilities, activity, today)) return false;
  const lists = await readAllLists(engine, context, cursors);
  if (!lists) return false;
  const changed = await Promise.all(
    lists
      .filter(({ records }) => records.length > 0)
      .map(({ cursor, records }) => {
        const { side, table } = cursor;
        return changedLinks(engine, setup, { tenantId, connectionId, side, table }, records);
      }),
  );
  if (changed.some((linkIds) => linkIds.length > 0)) return false;
  await forgetPassedThrottles(engine, context);
  tellLateness(engine, { ...setup, tenant }, activity);
  const moved = lists.filter((list) => !isQuiet(engine, list));
  const cursorsMoved = moved.map(({ cursor: { side, table, revision }, next }) => ({
    side,
    table,
    cursor: next,
    revision,
  }));
  await engine.connections.notePolled(tenantId, connectionId, engine.runtime.now(), cursorsMoved);
  return true;
}
