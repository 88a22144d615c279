import { actorTypeState, listPairsState, offeredByCrmState } from '../../core/audit/set-up-states.ts';
import { autoMapping } from '../../core/mapping/auto-mapping.ts';
import { describedAnew } from '../../core/mapping/described-anew.ts';
import { countryList, filledByCode } from '../../core/mapping/list-pairing.ts';
import { ActorType, crmTypeOf } from '../../core/model/actor-type.ts';
import type { BySide } from '../../core/model/by-side.ts';
import type { Connection } from '../../core/model/connection.ts';
import {
  type ActorTypeSetup,
  type ConnectionSetup,
  type ListPairing,
  noParts,
  type WholeActorType,
  type WholeSetup,
} from '../../core/model/connection-setup.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Trail } from '../../ports/audit.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import { tellDrift } from '../../sync/guards/tell-drift.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOnPart } from '../connections/trail-on-connection.ts';
import { changedAtOnce } from '../expect-revision.ts';
import type { ProbedEnds, ProbedType } from './probe-system.ts';
import { fieldsShown, refuseFieldless } from './refuse-fieldless.ts';

/** Both ends of a connection, opened, and what they say of themselves. */
export interface TestedEnds {
  readonly erp: RecordSystem;
  readonly crm: RecordSystem | undefined;
  readonly probed: ProbedEnds;
}

/** A type as it is before anything of it is known; the ends that there are tell its names and tables. */
function refreshedType(
  { tenantId, id: connectionId }: Connection,
  actorType: ActorType,
  known: WholeActorType | undefined,
  { erp, crm }: BySide<ProbedType | undefined>,
): WholeActorType {
  const crmType = crmTypeOf(actorType);
  const unknown = { erpFields: [], crmFields: [], active: false, fields: [], revision: 1, readFrom: noParts };
  return {
    ...(known ?? unknown),
    ...{ tenantId, connectionId, actorType, crmType },
    label: erp?.label ?? known?.label ?? actorType,
    erpTable: erp?.table ?? known?.erpTable ?? actorType,
    // Until CRM settings exist nothing is linked, and the first refresh after that brings the CRM's own table.
    crmTable: crm?.table ?? known?.crmTable ?? crmType,
  };
}

/**
 * Actor types as both systems describe them now: those that the ERP offers, and those that it offered before. SyncError
 * `rejected` where a system shows no field of one that is active.
 */
export function refreshedTypes(
  connection: Connection,
  known: readonly WholeActorType[],
  ends: ProbedEnds,
  at: string,
): WholeActorType[] {
  refuseFieldless(known, ends);
  const offered = ends.erp.flatMap(({ type }) => ActorType.safeParse(type).data ?? []);
  const all = new Set([...offered, ...known.map((type) => type.actorType)]);
  return [...all].map((actorType) => {
    const erp = ends.erp.find(({ type }) => type === actorType);
    const crm = ends.crm?.find(({ type }) => type === crmTypeOf(actorType));
    const before = known.find((type) => type.actorType === actorType);
    const named = refreshedType(connection, actorType, before, { erp, crm });
    const type = describedAnew(named, { erp: erp ? fieldsShown(erp) : [], crm: crm && fieldsShown(crm) }, at);
    const { crmType, erpFields, crmFields, fields } = type;
    return { ...type, fields: [...fields, ...autoMapping(crmType, erpFields, crmFields, fields)] };
  });
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
  setup: WholeSetup,
  systems: Pick<TestedEnds, 'erp' | 'crm'>,
): Promise<WholeSetup> {
  const paired = await pairCountries(setup, systems.erp, systems.crm);
  if (!paired) return setup;
  const { connection, lists, listPairings } = setup;
  const { known, now } = paired;
  const [before, after] = [known ? [known] : [], [now]];
  const { tenantId, id: connectionId } = connection;
  const states = { before: listPairsState(before), after: listPairsState(after) };
  const trail = trailOnPart(app, caller, connection, { act: 'connection.refresh', ...states });
  const { revision } = lists;
  if (!(await app.connections.putListPairs({ tenantId, connectionId, revision, before, after, trail }))) {
    throw changedAtOnce('list mapping');
  }
  const others = listPairings.filter((one) => one !== known);
  return { ...setup, listPairings: [...others, now], lists: { ...lists, revision: revision + 1 } };
}

function statesOf(types: readonly ActorTypeSetup[]): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...types.flatMap((type) => [actorTypeState(type), offeredByCrmState(type)]));
}

/** The trail of actor types as the systems describe them anew. */
export function trailOnRefresh(
  app: Application,
  caller: Caller,
  { connection, actorTypes }: ConnectionSetup,
  changed: readonly ActorTypeSetup[],
): Trail {
  const before = actorTypes.filter(({ actorType }) => changed.some((one) => one.actorType === actorType));
  const states = { before: statesOf(before), after: statesOf(changed) };
  return trailOnPart(app, caller, connection, { act: 'connection.refresh', ...states });
}

/** Stores what both systems say of themselves now, and answers the set-up as it is after that. */
export async function refreshSetup(
  app: Application,
  caller: Caller,
  setup: WholeSetup,
  ends: TestedEnds,
): Promise<WholeSetup> {
  const { connection } = setup;
  const types = refreshedTypes(connection, setup.actorTypes, ends.probed, app.runtime.now());
  const isKnown = (type: ActorTypeSetup, known: ActorTypeSetup) => type.actorType === known.actorType;
  const changed = types.filter((type) => {
    const known = setup.actorTypes.find((other) => isKnown(type, other));
    return !known || fingerprint(known) !== fingerprint(type);
  });
  const stored = await app.connections.putActorTypes(changed, trailOnRefresh(app, caller, setup, changed));
  if (!stored) throw changedAtOnce('mapping');
  const actorTypes = types.map((type) => stored.find((one) => isKnown(type, one)) ?? type);
  await tellDrift(app, { tenantId: connection.tenantId, connectionId: connection.id }, actorTypes);
  return withCountries(app, caller, { ...setup, actorTypes }, ends);
}
