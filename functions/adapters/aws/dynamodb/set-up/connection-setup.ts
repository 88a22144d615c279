import { SyncError } from '../../../../core/errors.ts';
import { Brake } from '../../../../core/model/brake.ts';
import type { Connection, ConnectionState } from '../../../../core/model/connection.ts';
import { ActorTypeSetup, type ConnectionSetup } from '../../../../core/model/connection-setup.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys, partitions } from '../table/keys.ts';
import { readWhole } from '../table/read-page.ts';
import { replaceItem } from '../table/replace-item.ts';
import { readItem, storedItem } from '../table/stored-item.ts';
import { listMappingsIn, pairingsIn } from './list-pairings.ts';

export function actorTypeItem(setup: ActorTypeSetup): Item {
  return storedItem({ type: 'actor-type', key: actorTypeKey(setup) }, setup);
}

export function brakesIn(items: readonly Item[]): Brake[] {
  return items.flatMap((item) => (item.type === 'brake' ? [readItem('brake', Brake, item)] : []));
}

/** Who meets another's write of list pairs reads again; so many in a row are no chance. */
const mostReads = 5;

/** Everything of a connection's partition, by type tag; `items` are what it was made of. */
export async function readSetup(
  table: Table,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  readConnection: (item: Item) => Connection,
): Promise<{ readonly setup: ConnectionSetup; readonly items: readonly Item[] } | undefined> {
  for (let reads = 0; reads < mostReads; reads += 1) {
    const items = await readWhole(table, { pk: partitions.connection(tenantId, connectionId) });
    const connection = items.find((item) => item.type === 'connection');
    if (!connection) return undefined;
    const listPairings = pairingsIn(items);
    if (!listPairings) continue;
    const setup = {
      connection: readConnection(connection),
      actorTypes: items.flatMap((item) =>
        item.type === 'actor-type' ? [readItem('actor-type', ActorTypeSetup, item)] : [],
      ),
      listPairings,
      lists: listMappingsIn(items),
      brakes: brakesIn(items),
    };
    return { setup, items };
  }
  throw new SyncError('transient', `The list pairs of connection ${connectionId} change all the time.`);
}

/** Types known already are replaced on condition of the revision read, new ones are added. */
export async function actorTypeWrites(table: Table, setups: readonly ActorTypeSetup[]): Promise<Write[]> {
  const known = new Set((await table.getMany(setups.map(actorTypeKey))).map((item) => item.sk));
  return setups.map((setup): Write => {
    if (!known.has(actorTypeKey(setup).sk)) return { put: actorTypeItem(setup), when: { exists: false } };
    const { revision } = setup;
    return { put: actorTypeItem({ ...setup, revision: revision + 1 }), when: { equals: { revision } } };
  });
}

/** All or nothing, `along` too. */
export async function putActorTypes(
  table: Table,
  setups: readonly ActorTypeSetup[],
  along: readonly Write[],
): Promise<boolean> {
  const writes = await actorTypeWrites(table, setups);
  if (writes.length === 0) return true;
  const { ok } = await table.transact([...writes, ...along]);
  return ok;
}

export async function replaceActorType(
  table: Table,
  setup: ActorTypeSetup,
  whileIn: ConnectionState | undefined,
  along: readonly Write[],
): Promise<ActorTypeSetup | undefined> {
  if (whileIn === undefined) return replaceItem(table, { type: 'actor-type', key: actorTypeKey(setup), along }, setup);
  const { tenantId, connectionId, revision } = setup;
  const after = { ...setup, revision: revision + 1 };
  const state = { state: whileIn };
  const { ok } = await table.transact([
    { put: actorTypeItem(after), when: { equals: { revision } } },
    { update: keys.connection(tenantId, connectionId), set: state, when: { equals: state } },
    ...along,
  ]);
  return ok ? after : undefined;
}

function actorTypeKey({ tenantId, connectionId, actorType }: ActorTypeSetup) {
  return keys.actorType(tenantId, connectionId, actorType);
}
