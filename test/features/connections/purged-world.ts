/** Two connections that share a company, the first of them deleted and past its time to be restored. */
import { purgeConnection } from '../../../functions/features/connections/purge-connection.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addActive, addRecords, connect, pair } from '../set-up-steps.ts';

export const dayMs = 24 * 60 * 60 * 1000;

export interface PurgedWorld {
  readonly world: ApiWorld;
  readonly first: string;
  readonly second: string;
  /** Of the first connection: the shared one, one of its own, and one that is disconnected. */
  readonly linkIds: readonly string[];
  readonly otherLinkId: string;
  readonly runIds: readonly string[];
}

export async function deletedWorld(days = 30): Promise<PurgedWorld> {
  const world = new ApiWorld();
  const first = await activeConnection(world);
  const second = await addActive(world, 'Second ERP');
  addRecords(world, 4);
  const own = await connect(world, first, pair(1), pair(2), pair(3));
  await world.work();
  const other = await connect(world, second, pair(4, 1));
  await world.work();
  const linkIds: string[] = own.json.items.map((item: { linkId: string }) => item.linkId);
  await world.send('DELETE', `/v1/links/${linkIds[2]}`);
  // An open failure of a link, and of the connection itself.
  world.erp.removeRecord('party', 'p2');
  world.nowMs += 60_000;
  await world.send('POST', '/v1/sync-runs', {
    body: { kind: 'compare', scope: { kind: 'connection', connectionId: first } },
  });
  await world.work();
  const { tenantId } = world;
  const at = world.app.runtime.now();
  const failed = { kind: 'rejected', reason: 'refused', attempts: 1, firstAt: at, lastAt: at } as const;
  const failure = { ...failed, fields: [], tenantId, connectionId: first };
  await world.app.failures.open({ ...failure, id: 'of the connection' });
  await world.app.failures.open({ ...failure, id: linkIds[0] ?? '', linkId: linkIds[0] });
  const runs = await world.send('GET', `/v1/sync-runs?connectionId=${first}`);
  await world.change('DELETE', `/v1/connections/${first}`);
  world.nowMs += days * dayMs;
  return {
    world,
    first,
    second,
    linkIds,
    otherLinkId: other.json.items[0].linkId,
    runIds: runs.json.items.map(({ id }: { id: string }) => id),
  };
}

/** What the schedule does, and the queue after it. */
export async function callAndWork({ world, first }: PurgedWorld, app = world.app): Promise<void> {
  await purgeConnection(app, { tenantId: world.tenantId, connectionId: first });
  await world.work();
}

const setAsList = (_name: string, part: unknown) => (part instanceof Set ? [...part] : part);

/** Types of items that name the connection, or anything of it, but for those whose time in the table is over. */
export async function leftOf({ world, first, linkIds, runIds }: PurgedWorld): Promise<string[]> {
  const names = [first, ...linkIds, ...runIds];
  const items = (await world.standing()).filter(({ expires }) => !(Number(expires) * 1000 <= world.nowMs));
  const left = items.filter((item) => names.some((name) => JSON.stringify(item, setAsList).includes(name)));
  return left.map(({ type }) => String(type)).sort();
}
