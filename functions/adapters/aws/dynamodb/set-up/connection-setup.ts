import { Brake } from '../../../../core/model/brake.ts';
import type { Connection, ConnectionState } from '../../../../core/model/connection.ts';
import { ActorTypeSetup, type ConnectionSetup, ListPairing } from '../../../../core/model/connection-setup.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { replaceItem } from '../table/replace-item.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

export function actorTypeItem(setup: ActorTypeSetup): Item {
  return storedItem({ type: 'actor-type', key: actorTypeKey(setup) }, setup);
}

export function listPairingItem(pairing: ListPairing): Item {
  const key = keys.listPairing(pairing.tenantId, pairing.connectionId, pairing.erpList, pairing.crmList);
  return storedItem({ type: 'list-pairing', key }, pairing);
}

export function brakesIn(items: readonly Item[]): Brake[] {
  return items.flatMap((item) => (item.type === 'brake' ? [readItem('brake', Brake, item)] : []));
}

/** Everything of a connection's partition, by type tag. */
export function setupOf(
  items: readonly Item[],
  readConnection: (item: Item) => Connection,
): ConnectionSetup | undefined {
  const connection = items.find((item) => item.type === 'connection');
  return (
    connection && {
      connection: readConnection(connection),
      actorTypes: items.flatMap((item) =>
        item.type === 'actor-type' ? [readItem('actor-type', ActorTypeSetup, item)] : [],
      ),
      listPairings: items.flatMap((item) =>
        item.type === 'list-pairing' ? [readItem('list-pairing', ListPairing, item)] : [],
      ),
      brakes: brakesIn(items),
    }
  );
}

/** Types known already are replaced on condition of the revision read, new ones are added; all or nothing, `along` too. */
export async function putActorTypes(
  table: Table,
  setups: readonly ActorTypeSetup[],
  along: readonly Write[],
): Promise<boolean> {
  const known = new Set((await table.getMany(setups.map(actorTypeKey))).map((item) => item.sk));
  const writes = setups.map((setup): Write => {
    if (!known.has(actorTypeKey(setup).sk)) return { put: actorTypeItem(setup), when: { exists: false } };
    const { revision } = setup;
    return { put: actorTypeItem({ ...setup, revision: revision + 1 }), when: { equals: { revision } } };
  });
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
