import { expect, test } from 'vitest';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import type { Connection } from '../../functions/core/model/connection.ts';
import type { Connector } from '../../functions/core/model/connector.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aConnection, aConnector, at, newId } from './stores-fixtures.ts';

const composed = 'Caf\u00e9 of Utrecht';
const decomposed = ' CAFE\u0301 of utrecht ';

/** Of all who ask at once: what they got, or the kind of the refusal. */
async function each<T>(asked: readonly Promise<T>[]): Promise<(T | string)[]> {
  const ends = await Promise.allSettled(asked);
  return ends.map((end) => (end.status === 'fulfilled' ? end.value : String(end.reason.kind)));
}

/** Names of connectors and connections, each claimed by one of a tenant. */
export function namesSuite(on: string, tableOf: () => Table): void {
  const stores = () => {
    const table = tableOf();
    return { connectors: connectorsStore({ table }), connections: connectionsStore({ table }) };
  };

  const pair = async (names: readonly [string, string]) => {
    const { connectors, connections } = stores();
    const connector = aConnector(newId());
    await connectors.create(connector);
    const [one, other] = names.map((name) => aConnection(connector, { name })) as [Connection, Connection];
    for (const connection of [one, other]) await connections.create(connection, []);
    return { connectors, connections, connector, one, other };
  };

  test(`of two connectors made at once with one name one is made, and the other is told which (${on})`, async () => {
    const { connectors } = stores();
    const tenantId = newId();
    const made = [composed, decomposed].map((name) => aConnector(tenantId, { name }));
    expect((await each(made.map((one) => connectors.create(one)))).toSorted()).toEqual(['conflict', undefined]);
    const { items } = await connectors.list(tenantId, { limit: 5 });
    expect(items).toHaveLength(1);
    const late = connectors.create(aConnector(tenantId, { name: composed }));
    await expect(late).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(`connector ${items[0]?.id} `),
    });
    await connectors.create(aConnector(newId(), { name: composed }));
  });

  test(`of two connections made at once with one name one is made, and the other leaves nothing (${on})`, async () => {
    const { connectors, connections } = stores();
    const connector = aConnector(newId(), { name: composed });
    await connectors.create(connector);
    const made = [composed, decomposed].map((name) => aConnection(connector, { name }));
    expect((await each(made.map((one) => connections.create(one, [])))).toSorted()).toEqual(['conflict', true]);
    expect(await connections.inOrder(connector.tenantId)).toHaveLength(1);
    expect(await connectors.get(connector.tenantId, connector.id)).toMatchObject({ connections: 1 });
  });

  test(`of two that are renamed to one name one is, and the name that it had is free (${on})`, async () => {
    const { connections, connector, one, other } = await pair(['One', 'Other']);
    const renamed = (connection: Connection) =>
      connections.replace({ ...connection, name: 'New' }, undefined, { gives: connection.name, takes: 'New' });
    const ends = await each([renamed(one), renamed(other)]);
    expect(ends.filter((end) => end === 'conflict')).toHaveLength(1);
    const names = (await connections.inOrder(connector.tenantId)).map(({ name }) => name);
    expect(names).toContain('New');
    const free = names.includes('One') ? 'Other' : 'One';
    expect(await connections.create(aConnection(connector, { name: free }), [])).toBe(true);
    await expect(connections.create(aConnection(connector, { name: 'nEW' }), [])).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  test(`a rename from an old revision takes no name and gives none (${on})`, async () => {
    const { connectors, connections, connector, one } = await pair(['One', 'Other']);
    await connections.replace({ ...one, description: 'Changed' });
    const move = { gives: 'One', takes: 'New' };
    expect(await connections.replace({ ...one, name: 'New' }, undefined, move)).toBeUndefined();
    expect(
      await connections.replace({ ...one, name: 'Other' }, undefined, { ...move, takes: 'Other' }),
    ).toBeUndefined();
    await expect(connections.create(aConnection(connector, { name: 'One' }), [])).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect(await connections.create(aConnection(connector, { name: 'New' }), [])).toBe(true);
    const stale: Connector = { ...connector, name: 'New', revision: 9 };
    expect(await connectors.replace(stale, undefined, { gives: connector.name, takes: 'New' })).toBeUndefined();
    await connectors.create(aConnector(connector.tenantId, { name: 'New' }));
  });

  test(`what is deleted gives its name up, and takes it again if nobody has it (${on})`, async () => {
    const { connectors, connections, connector, one } = await pair(['One', 'Other']);
    const deleted: Connection = { ...one, state: 'deleted', deletedAt: at };
    const gone = await connections.replace(deleted, undefined, { gives: 'One' });
    if (!gone) throw new Error('nobody else writes it');
    const heir = aConnection(connector, { name: 'ONE' });
    expect(await connections.create(heir, [])).toBe(true);
    const restored = () => connections.replace({ ...gone, state: 'inactive' }, undefined, { takes: 'One' });
    await expect(restored()).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(`connection ${heir.id} `),
    });
    await connections.replace({ ...heir, state: 'deleted', deletedAt: at }, undefined, { gives: heir.name });
    expect(await restored()).toMatchObject({ state: 'inactive' });
    const free = aConnector(connector.tenantId, { name: 'Free' });
    await connectors.create(free);
    expect(await connectors.remove(free)).toBe('removed');
    await connectors.create(aConnector(connector.tenantId, { name: 'Free' }));
  });

  test(`who has a name without a claim gives up nobody else's, and another spelling of one's own is free (${on})`, async () => {
    const { connections, connector, one, other } = await pair(['One', 'Other']);
    const unclaimed = await connections.replace({ ...other, name: 'One' });
    if (!unclaimed) throw new Error('nobody else writes it');
    const moved = await connections.replace({ ...unclaimed, name: 'Third' }, undefined, {
      gives: 'One',
      takes: 'Third',
    });
    expect(moved).toMatchObject({ name: 'Third' });
    await expect(connections.create(aConnection(connector, { name: 'One' }), [])).rejects.toMatchObject({
      message: expect.stringContaining(`connection ${one.id} `),
    });
    expect(await connections.replace({ ...one, name: 'ONE' }, undefined, { gives: 'One', takes: 'ONE' })).toMatchObject(
      { name: 'ONE' },
    );
  });

  test(`a claim that an earlier version left with what it renamed, deleted or removed is in nobody's way (${on})`, async () => {
    const { connectors, connections, connector, one, other } = await pair(['One', 'Other']);
    // As an earlier version writes them: it knows of no claims.
    const renamed = await connections.replace({ ...one, name: 'Renamed' });
    const deleted = await connections.replace({ ...other, state: 'deleted', deletedAt: at });
    if (!renamed || !deleted) throw new Error('nobody else writes them');
    expect(await connections.replace({ ...deleted, state: 'inactive' }, undefined, { takes: 'Other' })).toMatchObject({
      state: 'inactive',
    });
    const heirs = ['one', 'ONE '].map((name) => aConnection(connector, { name }));
    expect((await each(heirs.map((heir) => connections.create(heir, [])))).toSorted()).toEqual(['conflict', true]);
    const late = connections.replace({ ...renamed, name: 'One' }, undefined, { gives: 'Renamed', takes: 'One' });
    await expect(late).rejects.toMatchObject({ kind: 'conflict' });
    await connectors.replace({ ...connector, name: 'Renamed' });
    await connectors.create(aConnector(connector.tenantId, { name: connector.name }));
  });

  test(`a holder that takes its name back at the moment when its claim is let go has it alone (${on})`, async () => {
    const { connections, connector, one } = await pair(['One', 'Other']);
    const renamed = await connections.replace({ ...one, name: 'Renamed' });
    if (!renamed) throw new Error('nobody else writes it');
    const back = () => connections.replace({ ...renamed, name: 'One' }, undefined, { gives: 'Renamed', takes: 'One' });
    const table = tableOf();
    const meeting: Table = {
      ...table,
      async transact(writes, ...rest) {
        if (writes.some((write) => 'delete' in write)) expect(await back()).toMatchObject({ name: 'One' });
        return table.transact(writes, ...rest);
      },
    };
    const late = connectionsStore({ table: meeting }).create(aConnection(connector, { name: 'One' }), []);
    await expect(late).rejects.toMatchObject({ message: expect.stringContaining(`connection ${one.id} `) });
    await expect(connections.create(aConnection(connector, { name: 'one' }), [])).rejects.toMatchObject({
      message: expect.stringContaining(`connection ${one.id} `),
    });
  });
}
