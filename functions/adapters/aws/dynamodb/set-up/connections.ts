/**
 * Always true: a connection has its actor types, its entry in the tenant's list, the claim of its name and its part in the
 * connector's count from its first moment, and never a connector that is gone; an order holds for all its connections or
 * none: it is one item, and the place that a connection has of its own counts only where that does not name it. Each is one
 * write or transaction, so a crash leaves all of it or nothing. Attacked by test/contract/stores-set-up-suite.ts.
 */

import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import { ActorType } from '../../../../core/model/actor-type.ts';
import { actKinds } from '../../../../core/model/brake.ts';
import { Connection } from '../../../../core/model/connection.ts';
import type { AlongConnection, Connections } from '../../../../ports/connections.ts';
import type { Condition, Item, Table, Write } from '../../../../ports/table.ts';
import { readSummary } from '../links/summary-counters.ts';
import { cursorsIn, cursorWrite } from '../runs/cursors.ts';
import { keys, partitions } from '../table/keys.ts';
import { readPage, readWhole } from '../table/read-page.ts';
import { replacing } from '../table/replace-item.ts';
import { readItem, storedItem, textIn } from '../table/stored-item.ts';
import { trailWrites } from './audit.ts';
import { activityWrite, getActivity, noteActivity, noteChainWait } from './connection-activity.ts';
import {
  actorTypesIn,
  actorTypeWrites,
  brakesIn,
  newTypeWrites,
  noteActorType,
  putActorTypes,
  readSetup,
  readWholeSetup,
  readWholeSetups,
  readWholeType,
  refuseTooMany,
  replaceActorType,
} from './connection-setup.ts';
import { endRelease, listPairWrites, putListPairs } from './list-pairings.ts';
import { versionWrites } from './mapping-versions.ts';
import { claimWrite, letGoOrRefuse, withName } from './name-claims.ts';
import { beginSweep, endSweep, noteSwept } from './sweeps.ts';

const orderType = 'connection-order';
const Order = z.object({ connectionIds: z.array(z.string()) });

export function connectionsStore({ table }: { readonly table: Table }): Connections {
  const readMany = async (tenantId: string, ids: readonly string[]): Promise<Connection[]> => {
    const items = await table.getMany([
      ...ids.map((id) => keys.connection(tenantId, id)),
      keys.connectionOrder(tenantId),
    ]);
    const placed = inPlaces(items.find(({ type }) => type === orderType));
    const connections = items
      .filter(({ type }) => type !== orderType)
      .map(readConnection)
      .map(placed);
    const byId = new Map(connections.map((connection) => [connection.id, connection]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  };
  const readWith = async (tenantId: string, connectionId: string, types: readonly ActorType[]) => {
    const items = await table.getMany([
      keys.connection(tenantId, connectionId),
      keys.connectionOrder(tenantId),
      ...actKinds.map((kind) => keys.brake(tenantId, connectionId, kind)),
      ...types.map((type) => keys.actorType(tenantId, connectionId, type)),
    ]);
    const found = items.find(({ type }) => type === 'connection');
    if (!found) return undefined;
    const connection = inPlaces(items.find(({ type }) => type === orderType))(readConnection(found));
    return { connection, brakes: brakesIn(items), actorTypes: actorTypesIn(items) };
  };
  return {
    async create(connection, actorTypes, trail, along) {
      const { tenantId, id, connectorId } = connection;
      const entry = storedItem(
        { type: 'connection-entry', key: keys.connectionEntry(tenantId, id) },
        { connectionId: id },
      );
      const writes: Write[] = [
        { update: keys.connector(tenantId, connectorId), add: { connections: 1 }, when: { exists: true } },
        { put: connectionItem(connection), when: { exists: false } },
        claimWrite(holder(connection), connection.name),
        { put: entry },
        ...actorTypes.flatMap(newTypeWrites),
        ...writesAlong({ ...along, trail }),
      ];
      for (;;) {
        const outcome = await table.transact(refuseTooMany(writes));
        if (outcome.ok) return true;
        if (outcome.failed.includes(1)) throw new SyncError('defect', `Connection ${id} exists already.`);
        if (outcome.failed.includes(0)) return false;
        await letGoOrRefuse(table, holder(connection), connection.name);
      }
    },
    async replaceWhole(connection, actorTypes, along) {
      const { write, after } = replacing(whereOf(connection), connection);
      const types = await actorTypeWrites(table, actorTypes, 'set');
      const { ok } = await table.transact(refuseTooMany([write, ...types.writes, ...writesAlong(along)]));
      return ok ? inPlaces(await table.get(keys.connectionOrder(connection.tenantId)))(after) : undefined;
    },
    async get(tenantId, connectionId) {
      const [connection] = await readMany(tenantId, [connectionId]);
      return connection;
    },
    getWithBrakes: (tenantId, connectionId) => readWith(tenantId, connectionId, []),
    getWithTypes: (tenantId, connectionId) => readWith(tenantId, connectionId, ActorType.options),
    async getSetup(tenantId, connectionId) {
      return (await readSetup(table, { tenantId, connectionId }, readConnection))?.setup;
    },
    getWholeSetup: (tenantId, connectionId) => readWholeSetup(table, { tenantId, connectionId }, readConnection),
    async wholeSetups(tenantId) {
      const entries = await readWhole(table, { pk: partitions.connectionEntries(tenantId) });
      const ids = entries.flatMap((entry) => connectionIdOf(entry) ?? []);
      const placed = inPlaces(entries.find(({ type }) => type === orderType));
      const setups = await readWholeSetups(table, tenantId, ids, (item) => placed(readConnection(item)));
      const byId = new Map(setups.map((setup) => [setup.connection.id, setup]));
      return inSyncOrder(setups.map(({ connection }) => connection)).flatMap(({ id }) => byId.get(id) ?? []);
    },
    getWholeType: (of) => readWholeType(table, of, readConnection),
    async getSetupWithCursors(tenantId, connectionId) {
      const read = await readSetup(table, { tenantId, connectionId }, readConnection);
      return read && { setup: read.setup, cursors: cursorsIn(read.items) };
    },
    async list(tenantId, { includeDeleted, ...page }) {
      const entries = await readPage({
        table,
        partitions: [partitions.connectionEntries(tenantId)],
        page,
        read: connectionIdOf,
      });
      const connections = await readMany(tenantId, entries.items);
      const items = connections.filter((connection) => includeDeleted || connection.state !== 'deleted');
      return { ...entries, items };
    },
    async inOrder(tenantId) {
      const entries = await readWhole(table, { pk: partitions.connectionEntries(tenantId) });
      const connections = await readMany(
        tenantId,
        entries.flatMap((entry) => connectionIdOf(entry) ?? []),
      );
      return inSyncOrder(connections);
    },
    async ordered(tenantId, connectionIds) {
      return inSyncOrder(await readMany(tenantId, connectionIds)).map(({ id }) => id);
    },
    async replace(connection, trail, move = {}) {
      const { write: change, after } = replacing(whereOf(connection), connection);
      if (!(await withName(table, holder(connection), move, { change, along: trailWrites(trail) }))) return undefined;
      return inPlaces(await table.get(keys.connectionOrder(connection.tenantId)))(after);
    },
    async reorder(tenantId, connectionIds, trail) {
      const item = storedItem({ type: orderType, key: keys.connectionOrder(tenantId) }, { connectionIds });
      await table.transact([{ put: item }, ...trailWrites(trail)]);
    },
    async takeFileTurn(tenantId, nowMs, untilMs) {
      const key = keys.fileTurn(tenantId);
      const put = storedItem({ type: 'file-turn', key, expiresAtMs: untilMs }, { untilMs });
      const take = async (when: Condition) => (await table.transact([{ put, when }])).ok;
      return (await take({ exists: false })) || take({ below: { untilMs: nowMs + 1 } });
    },
    async leaveFileTurn(tenantId, untilMs) {
      await table.write({ delete: keys.fileTurn(tenantId), when: { equals: { untilMs } } });
    },
    putActorTypes: (actorTypes, trail) => putActorTypes(table, actorTypes, trailWrites(trail)),
    replaceActorType: (setup, whileIn, along) =>
      replaceActorType(table, setup, whileIn, [...trailWrites(along?.trail), ...versionWrites(along?.version)]),
    noteActorType: (type, noted, trail) => noteActorType(table, type, noted, trailWrites(trail)),
    putListPairs: (change) => putListPairs(table, change),
    endRelease: (tenantId, connectionId, revision) => endRelease(table, { tenantId, connectionId }, revision),
    activity: (tenantId, connectionId) => getActivity(table, tenantId, connectionId),
    async notePolled(tenantId, connectionId, at, moved = []) {
      const noted = { lastPolledAt: at };
      const writes = moved.map((one) => cursorWrite({ tenantId, connectionId, ...one }, one, at));
      const all = [activityWrite({ tenantId, connectionId }, noted), ...writes];
      if (moved.length > 0 && (await table.transact(all)).ok) return;
      const each = writes.map((write) => table.transact([write]));
      await Promise.all([noteActivity(table, { tenantId, connectionId }, noted), ...each]);
    },
    noteSynced: (tenantId, connectionId, at) => noteActivity(table, { tenantId, connectionId }, { lastSyncAt: at }),
    noteCompared: (tenantId, connectionId, day) =>
      noteActivity(table, { tenantId, connectionId }, { lastComparedDay: day }),
    noteSweptDay: (tenantId, connectionId, day) =>
      noteActivity(table, { tenantId, connectionId }, { lastSweptDay: day }),
    noteDescribed: (tenantId, connectionId, day) =>
      noteActivity(table, { tenantId, connectionId }, { lastDescribedDay: day }),
    beginSweep: (tenantId, connectionId, sweep, last) => beginSweep(table, { tenantId, connectionId }, sweep, last),
    noteSwept: (tenantId, connectionId, chain, progress) =>
      noteSwept(table, { tenantId, connectionId }, chain, progress),
    endSweep: (tenantId, connectionId, chain, progress) => endSweep(table, { tenantId, connectionId }, chain, progress),
    noteTried: (tenantId, connectionId, at) => noteActivity(table, { tenantId, connectionId }, { lastTriedAt: at }),
    noteChainWait: (tenantId, connectionId, chain, notBefore) =>
      noteChainWait(table, { tenantId, connectionId }, chain, notBefore),
    summary: (tenantId, connectionId) => readSummary(table, tenantId, connectionId),
  };
}

function writesAlong({ lists, versions = [], trail }: AlongConnection): Write[] {
  return [...(lists ? listPairWrites(lists) : []), ...versions.flatMap(versionWrites), ...trailWrites(trail)];
}

/** But for its place in the sync order, which is not its own. */
function whereOf({ tenantId, id }: Connection) {
  return { type: 'connection', key: keys.connection(tenantId, id), keep: ['place'] };
}

function holder({ tenantId, id }: Connection) {
  return { kind: 'connection', tenantId, id } as const;
}

function inSyncOrder(connections: readonly Connection[]): Connection[] {
  return connections
    .filter((connection) => connection.state !== 'deleted')
    .sort((one, other) => one.place - other.place || (one.id < other.id ? -1 : 1));
}

function connectionIdOf(entry: Item): string | undefined {
  return textIn(entry, 'connectionId');
}

/** Gives connections the places that the tenant's order names for them. */
function inPlaces(order: Item | undefined): (connection: Connection) => Connection {
  const ids = order ? readItem(orderType, Order, order).connectionIds : [];
  const places = new Map(ids.map((id, place) => [id, place]));
  return (connection) => ({ ...connection, place: places.get(connection.id) ?? connection.place });
}

function connectionItem(connection: Connection): Item {
  return storedItem({ type: 'connection', key: keys.connection(connection.tenantId, connection.id) }, connection);
}

function readConnection(item: Item): Connection {
  return readItem('connection', Connection, item);
}
