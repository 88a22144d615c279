import { actorTypeState, listPairsState } from '../../core/audit/set-up-states.ts';
import { autoMapping } from '../../core/mapping/auto-mapping.ts';
import { countryList, filledByCode } from '../../core/mapping/list-pairing.ts';
import { mergeMetadata } from '../../core/mapping/merge-metadata.ts';
import { ActorType, crmTypeOf } from '../../core/model/actor-type.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ActorTypeSetup, ConnectionSetup, ListPairing } from '../../core/model/connection-setup.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Trail } from '../../ports/audit.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';
import { changedAtOnce } from '../expect-revision.ts';
import type { ProbedType } from './probe-system.ts';

/** What both systems say of themselves; the CRM's part is absent while the tenant has no CRM settings. */
export interface ProbedEnds {
  readonly erp: readonly ProbedType[];
  readonly crm: readonly ProbedType[] | undefined;
}

function refreshedType(
  connection: Connection,
  actorType: ActorType,
  known: ActorTypeSetup | undefined,
  ends: ProbedEnds,
): ActorTypeSetup {
  const crmType = crmTypeOf(actorType);
  const erp = ends.erp.find((type) => type.type === actorType);
  const crm = ends.crm?.find((type) => type.type === crmType);
  const rows = known?.fields ?? [];
  const erpFields = mergeMetadata(known?.erpFields ?? [], erp?.fields ?? [], rows, [
    ...(known?.filter ?? []).map(({ field }) => field),
    ...(known?.defaults ?? []).map(({ erpField }) => erpField),
  ]);
  const crmFields = [...(crm?.fields ?? known?.crmFields ?? [])];
  return {
    tenantId: connection.tenantId,
    connectionId: connection.id,
    actorType,
    crmType,
    label: erp?.label ?? known?.label ?? actorType,
    erpTable: erp?.table ?? known?.erpTable ?? actorType,
    // Until CRM settings exist nothing is linked, and the first refresh after that brings the CRM's own table.
    crmTable: crm?.table ?? known?.crmTable ?? crmType,
    erpFields,
    crmFields,
    active: known?.active ?? false,
    fields: [...rows, ...autoMapping(crmType, erpFields, crmFields, rows)],
    filter: known?.filter,
    mappingVersion: known?.mappingVersion,
    defaults: known?.defaults,
    fieldOrder: known?.fieldOrder,
    activatedFingerprint: known?.activatedFingerprint,
    suspended: known?.suspended,
    revision: known?.revision ?? 1,
  };
}

/** Actor types as both systems describe them now: those that the ERP offers, and those that it offered before. */
export function refreshedTypes(
  connection: Connection,
  known: readonly ActorTypeSetup[],
  ends: ProbedEnds,
): ActorTypeSetup[] {
  const offered = ends.erp.flatMap(({ type }) => ActorType.safeParse(type).data ?? []);
  const all = new Set([...offered, ...known.map((type) => type.actorType)]);
  return [...all].map((actorType) =>
    refreshedType(
      connection,
      actorType,
      known.find((type) => type.actorType === actorType),
      ends,
    ),
  );
}

/** Countries of both systems paired by ISO code, if the ERP has a field for them; nothing where that makes no change. */
async function pairCountries(
  { connection, listPairings, actorTypes }: ConnectionSetup,
  erp: RecordSystem,
  crm: RecordSystem | undefined,
): Promise<{ readonly known: ListPairing | undefined; readonly now: ListPairing } | undefined> {
  const used = actorTypes.some((type) =>
    type.erpFields.some((field) => field.listName === countryList && !field.missing),
  );
  if (!used || !crm) return undefined;
  const [erpItems, crmItems] = await Promise.all([erp.listItems(countryList), crm.listItems(countryList)]);
  const known = listPairings.find(({ erpList, crmList }) => erpList === countryList && crmList === countryList);
  const pairs = filledByCode(known, erpItems, crmItems);
  if (known && sameContent(known.pairs, pairs)) return undefined;
  const { tenantId, id: connectionId } = connection;
  const named = { tenantId, connectionId, erpList: countryList, crmList: countryList };
  return { known, now: { ...named, ...known, pairs } };
}

/** Stores the pairs of countries that are new, with their trail, and answers the set-up with them. */
async function withCountries(
  app: Application,
  caller: Caller,
  setup: ConnectionSetup,
  systems: { readonly erp: RecordSystem; readonly crm: RecordSystem | undefined },
): Promise<ConnectionSetup> {
  const paired = await pairCountries(setup, systems.erp, systems.crm);
  if (!paired) return setup;
  const { connection, lists, listPairings } = setup;
  const { known, now } = paired;
  const [before, after] = [known ? [known] : [], [now]];
  const act = {
    act: 'connection.refresh',
    subject: { kind: 'connection', id: connection.id, name: connection.name },
    before: listPairsState(before),
    after: listPairsState(after),
    depth: 3,
  } as const;
  const { tenantId, id: connectionId } = connection;
  const trail = trailOf(app.runtime, caller, act);
  const { revision } = lists;
  if (!(await app.connections.putListPairs({ tenantId, connectionId, revision, before, after, trail }))) {
    throw changedAtOnce('list mapping');
  }
  const others = listPairings.filter((one) => one !== known);
  return { ...setup, listPairings: [...others, now], lists: { ...lists, revision: revision + 1 } };
}

function statesOf(types: readonly ActorTypeSetup[]): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...types.map(actorTypeState));
}

/** The trail of actor types as the systems describe them anew. */
export function trailOnRefresh(
  app: Application,
  caller: Caller,
  { connection, actorTypes }: ConnectionSetup,
  changed: readonly ActorTypeSetup[],
): Trail {
  const { id, name } = connection;
  const before = actorTypes.filter(({ actorType }) => changed.some((one) => one.actorType === actorType));
  const states = { before: statesOf(before), after: statesOf(changed) };
  return trailOf(app.runtime, caller, {
    act: 'connection.refresh',
    subject: { kind: 'connection', id, name },
    ...states,
    depth: 3,
  });
}

/** Stores what both systems say of themselves now, and answers the set-up as it is after that. */
export async function refreshSetup(
  app: Application,
  caller: Caller,
  setup: ConnectionSetup,
  ends: ProbedEnds,
  systems: { readonly erp: RecordSystem; readonly crm: RecordSystem | undefined },
): Promise<ConnectionSetup> {
  const { connection } = setup;
  const stored = refreshedTypes(connection, setup.actorTypes, ends).map((type) => {
    const known = setup.actorTypes.find((other) => other.actorType === type.actorType);
    if (!known) return { type, changed: true };
    const changed = fingerprint(known) !== fingerprint(type);
    return { type, changed, after: changed ? { ...type, revision: type.revision + 1 } : known };
  });
  const changed = stored.filter((one) => one.changed).map((one) => one.type);
  if (!(await app.connections.putActorTypes(changed, trailOnRefresh(app, caller, setup, changed)))) {
    throw changedAtOnce('mapping');
  }
  const actorTypes = stored.map(({ type, after }) => after ?? type);
  return withCountries(app, caller, { ...setup, actorTypes }, systems);
}
