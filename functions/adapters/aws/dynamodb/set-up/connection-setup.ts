import { SyncError } from '../../../../core/errors.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import type { ActorType, ActorTypeRef } from '../../../../core/model/actor-type.ts';
import { Brake } from '../../../../core/model/brake.ts';
import type { Connection, ConnectionState } from '../../../../core/model/connection.ts';
import {
  ActorTypeSetup,
  type ConnectionSetup,
  noParts,
  type WholeActorType,
  type WholeSetup,
} from '../../../../core/model/connection-setup.ts';
import type { NotedOfType } from '../../../../ports/connections.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys, partitions } from '../table/keys.ts';
import { oneTransaction } from '../table/one-transaction.ts';
import { readWhole } from '../table/read-page.ts';
import { attributesOf, readItem } from '../table/stored-item.ts';
import { partKeys, wholeTypeOf, wholeTypeWrites } from './field-metadata.ts';
import { listMappingsIn, pairingsIn } from './list-pairings.ts';

export function brakesIn(items: readonly Item[]): Brake[] {
  return items.flatMap((item) => (item.type === 'brake' ? [readItem('brake', Brake, item)] : []));
}

export function actorTypesIn(items: readonly Item[]): ActorTypeSetup[] {
  return items.flatMap((item) => (item.type === 'actor-type' ? [readItem('actor-type', ActorTypeSetup, item)] : []));
}

/** Who meets another's write of list pairs reads again; so many in a row are no chance. */
const mostReads = 5;
/** Queries of set-ups side by side. */
const setupsAtOnce = 8;

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
      actorTypes: actorTypesIn(items),
      listPairings,
      lists: listMappingsIn(items),
      brakes: brakesIn(items),
    };
    return { setup, items };
  }
  throw new SyncError('transient', `The list pairs of connection ${connectionId} change all the time.`);
}

/** The set-up with all fields of every type, by the query of its partition and one of theirs at once. */
export async function readWholeSetup(
  table: Table,
  of: { readonly tenantId: string; readonly connectionId: string },
  readConnection: (item: Item) => Connection,
): Promise<WholeSetup | undefined> {
  for (let reads = 0; reads < mostReads; reads += 1) {
    const [read, parts] = await Promise.all([
      readSetup(table, of, readConnection),
      readWhole(table, { pk: partitions.fieldMetadata(of.tenantId, of.connectionId) }),
    ]);
    if (!read) return undefined;
    const heads = headsIn(read.items);
    const actorTypes = heads.flatMap((head) => wholeTypeOf(head, parts) ?? []);
    if (actorTypes.length === heads.length) return { ...read.setup, actorTypes };
  }
  throw fieldsChange(of.connectionId);
}

/** Several with all fields: the query of each one's partition, all at once, and one batch for the fields of all. */
export async function readWholeSetups(
  table: Table,
  tenantId: string,
  connectionIds: readonly string[],
  readConnection: (item: Item) => Connection,
): Promise<WholeSetup[]> {
  const read = await inParallel(connectionIds, setupsAtOnce, (connectionId) =>
    readSetup(table, { tenantId, connectionId }, readConnection),
  );
  const all = read.flatMap((one) => one ?? []);
  const keysOf = ({ setup, items }: (typeof all)[number]) =>
    headsIn(items).flatMap((head) =>
      partKeys(head, { tenantId, connectionId: setup.connection.id, actorType: actorTypeIn(head) }),
    );
  const parts = Map.groupBy(await table.getMany(all.flatMap(keysOf)), ({ pk }) => pk);
  const whole = all.map(async ({ setup, items }) => {
    const { id: connectionId } = setup.connection;
    const heads = headsIn(items);
    const own = parts.get(partitions.fieldMetadata(tenantId, connectionId)) ?? [];
    const actorTypes = heads.flatMap((head) => wholeTypeOf(head, own) ?? []);
    if (actorTypes.length === heads.length) return { ...setup, actorTypes };
    // They are being written: this one is read by itself.
    return readWholeSetup(table, { tenantId, connectionId }, readConnection);
  });
  return (await Promise.all(whole)).flatMap((one) => one ?? []);
}

function headsIn(items: readonly Item[]): Item[] {
  return items.filter((item) => item.type === 'actor-type');
}

function actorTypeIn(head: Item): ActorType {
  return readItem('actor-type', ActorTypeSetup, head).actorType;
}

function fieldsChange(connectionId: string): SyncError {
  return new SyncError('transient', `The fields of connection ${connectionId} change all the time.`);
}

/** One type with all its fields, by key: the first part, which seldom has a second, is read with the type. */
export async function readWholeType(
  table: Table,
  of: ActorTypeRef,
  readConnection: (item: Item) => Connection,
): Promise<{ readonly connection: Connection; readonly type: WholeActorType | undefined } | undefined> {
  const { tenantId, connectionId, actorType } = of;
  const head = keys.actorType(tenantId, connectionId, actorType);
  for (let reads = 0; reads < mostReads; reads += 1) {
    const items = await table.getMany([keys.connection(tenantId, connectionId), head, keys.fieldMetadata(of, 0)]);
    const found = items.find((item) => item.type === 'connection');
    if (!found) return undefined;
    const connection = readConnection(found);
    const item = items.find((one) => one.type === 'actor-type');
    if (!item) return { connection, type: undefined };
    const more = partKeys(item, of).slice(1);
    const type = wholeTypeOf(item, more.length > 0 ? [...items, ...(await table.getMany(more))] : items);
    if (type) return { connection, type };
  }
  throw fieldsChange(connectionId);
}

/** Of all that is stored together of a connection. */
export function refuseTooMany(writes: readonly Write[]): readonly Write[] {
  return oneTransaction(writes, {
    what: 'What is known of the fields and lists of a connection',
    instead: 'Let our users see fewer fields, or change fewer lists at a time.',
  });
}

/** Types known already are replaced on condition of the revision read, new ones are added; as they will be stored. */
export async function actorTypeWrites(table: Table, setups: readonly WholeActorType[], by: 'set' | 'said') {
  const known = new Set((await table.getMany(setups.map(actorTypeKey))).map((item) => item.sk));
  const changes = setups.map((setup) => {
    const { revision } = setup;
    const isNew = !known.has(actorTypeKey(setup).sk);
    const after = isNew ? { ...setup, readFrom: noParts } : { ...setup, revision: revision + 1 };
    const { item, parts, readFrom } = wholeTypeWrites(after, by);
    const when = isNew ? { exists: false } : { equals: { revision } };
    return { stored: { ...after, readFrom }, writes: [{ put: item, when }, ...parts] };
  });
  return {
    stored: changes.map(({ stored }): WholeActorType => stored),
    writes: changes.flatMap((change): readonly Write[] => change.writes),
  };
}

/** All or nothing, `along` too; as stored. */
export async function putActorTypes(
  table: Table,
  setups: readonly WholeActorType[],
  along: readonly Write[],
): Promise<readonly WholeActorType[] | undefined> {
  const { stored, writes } = await actorTypeWrites(table, setups, 'said');
  if (writes.length === 0) return [];
  const { ok } = await table.transact(refuseTooMany([...writes, ...along]));
  return ok ? stored : undefined;
}

/** Of a type that is not stored yet, wherever its fields were read from. */
export function newTypeWrites(setup: ActorTypeSetup): Write[] {
  const { item, parts } = wholeTypeWrites({ ...setup, readFrom: noParts }, 'set');
  return [{ put: item }, ...parts];
}

export async function replaceActorType(
  table: Table,
  setup: WholeActorType,
  whileIn: ConnectionState | undefined,
  along: readonly Write[],
): Promise<WholeActorType | undefined> {
  const { tenantId, connectionId, revision } = setup;
  const after = { ...setup, revision: revision + 1 };
  const { item, parts, readFrom } = wholeTypeWrites(after, 'set');
  const state = { state: whileIn ?? '' };
  const connection = keys.connection(tenantId, connectionId);
  const inState = whileIn === undefined ? [] : [{ update: connection, set: state, when: { equals: state } }];
  const head = { put: item, when: { equals: { revision } } };
  const { ok } = await table.transact(refuseTooMany([head, ...inState, ...parts, ...along]));
  return ok ? { ...after, readFrom } : undefined;
}

/** Leaves fields and mapping as they are stored, whatever `type` was read with. */
export async function noteActorType<Type extends ActorTypeSetup>(
  table: Table,
  type: Type,
  noted: NotedOfType,
  along: readonly Write[],
): Promise<Type | undefined> {
  const after = { ...type, ...noted, revision: type.revision + 1 };
  const { ok } = await table.transact([
    {
      update: actorTypeKey(type),
      set: attributesOf({ ...noted, revision: after.revision }),
      remove: Object.entries(noted).flatMap(([name, part]) => (part === undefined ? [name] : [])),
      when: { equals: { revision: type.revision } },
    },
    ...along,
  ]);
  return ok ? after : undefined;
}

function actorTypeKey({ tenantId, connectionId, actorType }: ActorTypeSetup) {
  return keys.actorType(tenantId, connectionId, actorType);
}
