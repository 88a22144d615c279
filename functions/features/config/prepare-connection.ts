/**
 * What a file makes of one connection, checked like the ordinary operations check it and tested where an address or a
 * secret is new; nothing is stored here. Attacked by test/features/config/apply-config.test.ts.
 */
import { changesBetween } from '../../core/audit/changes-between.ts';
import { asSyncError, type FieldFault } from '../../core/errors.ts';
import { offeredInOrder } from '../../core/mapping/defaults.ts';
import { areSameLists, pairsByItem } from '../../core/mapping/list-pairing.ts';
import { ActorType } from '../../core/model/actor-type.ts';
import type { SetUpChange } from '../../core/model/audit.ts';
import type { Connection } from '../../core/model/connection.ts';
import {
  type ConnectionSetup,
  type ListPairing,
  noListMappings,
  type WholeSetup,
} from '../../core/model/connection-setup.ts';
import type { Connector } from '../../core/model/connector.ts';
import { everyone } from '../../core/model/scope.ts';
import { defaultIntervalOf, type Tenant } from '../../core/model/tenant.ts';
import { sameContent } from '../../core/values/same-content.ts';
import { checkNamed } from '../access/named-people.ts';
import type { Application } from '../application.ts';
import { bothLists, listsOf, type ReadList } from '../mappings/both-lists.ts';
import { onlyInactive } from '../mappings/change-actor-type.ts';
import { checkedPairs } from '../mappings/save-list-mappings.ts';
import { freshErp, signerOf, testedEnds } from '../systems/connection-ends.ts';
import { refreshedTypes, type TestedEnds } from '../systems/refresh-setup.ts';
import { noCrmYet } from '../tenants/no-crm-yet.ts';
import type { ConnectionEntry } from './config-file.ts';
import { connectionEntry } from './connection-entry.ts';
import { asFarAsNamed, entryState } from './entry-state.ts';
import { type WantedConfig, wantedConfig } from './wanted-config.ts';
import { noSuchType, type WantedType, wantedType } from './wanted-types.ts';

export interface Asked {
  readonly entry: ConnectionEntry;
  /** Its path in the file. */
  readonly at: string;
  /** As it shall be. */
  readonly connector: Connector;
  /** It is at another address now. */
  readonly isMoved: boolean;
  /** Nothing: it is to be made. */
  readonly setup: WholeSetup | undefined;
  readonly tenant: Tenant;
}

/** What is to be stored, all at once. */
export interface Ready {
  readonly setup: WholeSetup | undefined;
  /** Without id and secret where it is made. */
  readonly connection: Connection;
  readonly config: WantedConfig;
  /** All actor types as both systems describe them now. */
  readonly refreshed: WholeSetup['actorTypes'];
  /** As they shall be. */
  readonly actorTypes: WholeSetup['actorTypes'];
  readonly types: readonly WantedType[];
  readonly lists: { readonly before: readonly ListPairing[]; readonly after: readonly ListPairing[] };
}

export interface Prepared {
  readonly changes: readonly SetUpChange[];
  readonly faults: readonly FieldFault[];
  /** Nothing where it is refused, or the same already. */
  readonly ready?: Ready | undefined;
}

function wantedConnection(app: Application, { entry, connector, setup, tenant }: Asked, config: WantedConfig) {
  const { name, description, scope, conflictPolicy, allowances } = entry;
  const intervalMinutes = entry.intervalMinutes ?? defaultIntervalOf(tenant);
  const known = setup?.connection;
  const base: Connection = known ?? {
    ...{ tenantId: tenant.id, id: '', connectorId: connector.id, connectorKind: connector.kind },
    ...{ connectorUrl: connector.url, name, state: 'inactive', config: {}, secretsSet: [], place: 0, intervalMinutes },
    ...{ activatedBefore: false, revision: 1, createdAt: app.runtime.now() },
  };
  const isPolledAnew = known !== undefined && known.intervalMinutes !== intervalMinutes;
  const tested = config.differs && {
    ...{ config: config.config, connectorUrl: connector.url, secretNeeded: undefined },
    secretsSet: Object.keys(config.secrets),
  };
  return {
    ...base,
    ...{ name, description, intervalMinutes, conflictPolicy, allowances },
    scope: scope === everyone ? undefined : { ...scope },
    polledSince: isPolledAnew ? app.runtime.now() : base.polledSince,
    ...tested,
  };
}

/** Both ends as they answer now, signed in to with what the file says. */
async function tested(
  app: Application,
  { connector, setup, tenant }: Asked,
  wanted: WantedConfig,
): Promise<TestedEnds> {
  const { config, secrets } = wanted;
  const known = setup?.connection;
  const signer = known && wanted.keepsSecrets ? signerOf(known) : { tenantId: tenant.id, connectionId: known?.id };
  return testedEnds(app, tenant, await freshErp(app, connector, { config, secrets }, signer));
}

function readLists(app: Application, setup: ConnectionSetup, ends: TestedEnds | undefined): ReadList {
  if (!ends) return bothLists(app, setup, undefined);
  const { erp, crm } = ends;
  const crmNow = async () => {
    if (!crm) throw noCrmYet();
    return crm;
  };
  return listsOf({ erp: async () => erp, crm: crmNow });
}

/** Of types that the file names, rows that a refresh has just proposed are left out: it says them all. */
function asNamed(
  refreshed: WholeSetup['actorTypes'],
  known: WholeSetup['actorTypes'],
  { actorTypes }: ConnectionEntry,
): WholeSetup['actorTypes'] {
  return refreshed.map((type) => {
    const before = known.find(({ actorType }) => actorType === type.actorType);
    return before && actorTypes[type.actorType] ? { ...type, fields: before.fields } : type;
  });
}

async function wantedTypes(
  { entry, at, setup }: Asked,
  refreshed: WholeSetup['actorTypes'],
  readList: ReadList,
): Promise<{ types: WantedType[]; faults: FieldFault[] }> {
  const faults: FieldFault[] = [];
  const types: WantedType[] = [];
  for (const [name, one] of Object.entries(entry.actorTypes)) {
    const actorType = ActorType.parse(name);
    const place = `${at}.actorTypes.${name}`;
    const offered = refreshed.find((type) => type.actorType === actorType);
    if (!one) continue;
    if (!offered) faults.push(noSuchType(place, refreshed));
    const isKnown = setup?.actorTypes.some((type) => type.actorType === actorType) === true;
    if (offered) types.push(await wantedType({ offered, isKnown, entry: one, at: place, readList }));
  }
  return { types, faults: [...faults, ...types.flatMap((type) => type.faults)] };
}

/** Pairs that stand already are not looked at again. */
async function wantedLists(setup: ConnectionSetup, { entry, at }: Asked, readList: ReadList) {
  const stands = (list: ConnectionEntry['lists'][number]) => {
    const known = setup.listPairings.find((one) => areSameLists(one, list));
    const now = pairsByItem(list.pairs);
    return known !== undefined && Object.keys(now).length === list.pairs.length && sameContent(known.pairs, now);
  };
  const places = entry.lists.flatMap((list, place) => (stands(list) && isOnce(entry.lists, list) ? [] : [place]));
  const { faults, before, after } = await checkedPairs(
    setup,
    places.flatMap((place) => entry.lists[place] ?? []),
    readList,
  );
  const inFile = (path: string) =>
    path.replace(/\blists\[(\d+)\]/, (_, place: string) => `lists[${places[Number(place)]}]`);
  return {
    ...{ before, after },
    faults: faults.map(({ path, message }) => ({ path: `${at}.${inFile(path)}`, message: inFile(message) })),
  };
}

function isOnce(lists: ConnectionEntry['lists'], list: ConnectionEntry['lists'][number]): boolean {
  return lists.filter((one) => areSameLists(one, list)).length === 1;
}

const anew = { set: true, anew: true };

/** An order that says what the ERP's own is says nothing. */
function withoutOwnOrder(entry: ConnectionEntry, setup: WholeSetup | undefined): ConnectionEntry {
  const types = Object.entries(entry.actorTypes).map(([name, one]) => {
    const known = setup?.actorTypes.find(({ actorType }) => actorType === name);
    const own = known && offeredInOrder(known.erpFields);
    return [name, one && { ...one, fieldOrder: sameContent(one.fieldOrder, own) ? undefined : one.fieldOrder }];
  });
  return { ...entry, actorTypes: Object.fromEntries(types) };
}

/** As a file says it, before and after; secrets read as set. */
function changesOf(asked: Asked, { config, anew: names }: WantedConfig, intervalMinutes: number): SetUpChange[] {
  const { entry, setup } = asked;
  const known = setup?.connection;
  const masked = Object.fromEntries((known?.secretsSet ?? []).map((name) => [name, { set: true }]));
  const secrets = Object.fromEntries(names.map((name) => [name, known ? anew : { set: true }]));
  const wanted = entryState({ ...withoutOwnOrder(entry, setup), intervalMinutes });
  const after = { ...wanted, config: { ...config, ...masked, ...secrets } };
  if (!setup) return changesBetween(undefined, after);
  return changesBetween(entryState(asFarAsNamed(connectionEntry(setup, entry.connector), entry)), after, 5);
}

/** Mappings and lists are changed at rest alone. */
function atRestFaults({ at, setup }: Asked, changes: readonly SetUpChange[]): FieldFault[] {
  if (!setup || setup.connection.state === 'inactive') return [];
  const touched = (part: string) => changes.some(({ path }) => path.startsWith(part));
  return [
    ...(touched('actorTypes')
      ? [{ path: `${at}.actorTypes`, message: onlyInactive('A mapping', setup.connection) }]
      : []),
    ...(touched('lists') ? [{ path: `${at}.lists`, message: onlyInactive('A list mapping', setup.connection) }] : []),
  ];
}

async function scopeFaults(app: Application, { entry, at, setup, tenant }: Asked): Promise<readonly FieldFault[]> {
  try {
    await checkNamed(app, tenant, { at: `${at}.scope`, before: setup?.connection.scope, now: entry.scope });
    return [];
  } catch (error) {
    const { kind, faults } = asSyncError(error);
    if (kind !== 'invalid') throw error;
    return faults;
  }
}

/** Throws what a test or a system says; faults are values. */
export async function prepareConnection(app: Application, asked: Asked): Promise<Prepared> {
  const { entry, at, setup } = asked;
  const question = { ...asked, connection: setup?.connection, given: entry.config, at: `${at}.config` };
  const config = await wantedConfig(app, question);
  const connection = wantedConnection(app, asked, config);
  const changes = changesOf(asked, config, connection.intervalMinutes);
  const first = [...config.faults, ...(await scopeFaults(app, asked))];
  const standing = [...connectorFaults(asked), ...atRestFaults(asked, changes)];
  // Without a sign-in nothing is known of what a new connection's ERP offers.
  if (standing.length > 0 || (!setup && first.length > 0)) return { changes, faults: [...first, ...standing] };
  const ends = config.differs && first.length === 0 ? await tested(app, asked, config) : undefined;
  const known = setup?.actorTypes ?? [];
  // Its mappings stay as they were activated.
  const isRefreshed = ends !== undefined && connection.state !== 'active';
  const refreshed = isRefreshed
    ? asNamed(refreshedTypes(connection, known, ends.probed, app.runtime.now()), known, entry)
    : known;
  const stored = setup ?? { connection, actorTypes: [], listPairings: [], lists: noListMappings, brakes: [] };
  const readList = readLists(app, stored, ends);
  const { types, faults } = await wantedTypes(asked, refreshed, readList);
  const actorTypes = refreshed.map((type) => types.find((one) => one.type.actorType === type.actorType)?.type ?? type);
  const lists = await wantedLists({ ...stored, connection, actorTypes }, asked, readList);
  const all = [...first, ...faults, ...lists.faults];
  if (all.length > 0) return { changes, faults: all };
  if (setup && changes.length === 0 && !config.differs) return { changes, faults: [] };
  return { changes, faults: [], ready: { setup, connection, config, refreshed, actorTypes, types, lists } };
}

function connectorFaults({ at, connector, setup }: Asked): FieldFault[] {
  if (!setup || setup.connection.connectorId === connector.id) return [];
  return [{ path: `${at}.connector`, message: 'The connector of a connection cannot be changed' }];
}
