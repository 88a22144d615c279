/**
 * What a person says of lists. Always true: pairs are changed while the connection is inactive, but for items that have
 * none yet: those can be mapped at any time, and the note that they were is stored with them, so that what waits for
 * them is made due by the run started here or by the next poll. A crash leaves all of a change or nothing of it. Attacked
 * by test/features/mappings/list-mappings.test.ts and test/sync/released-links.test.ts.
 */
import { listPairsState } from '../../core/audit/set-up-states.ts';
import { asSyncError, type FieldFault, invalid, SyncError } from '../../core/errors.ts';
import { duplicateFaults } from '../../core/mapping/list-faults.ts';
import {
  areSameLists,
  countryList,
  filledByCode,
  type ItemPair,
  isKeepable,
  pairsByItem,
} from '../../core/mapping/list-pairing.ts';
import { type ListsInUse, listsInUse } from '../../core/mapping/lists-in-use.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ConnectionSetup, ListPairing } from '../../core/model/connection-setup.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Trail } from '../../ports/audit.ts';
import { startRun } from '../../sync/runs/start-run.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOnPart } from '../connections/trail-on-connection.ts';
import { changedMeanwhile, expectRevision, type IfMatch } from '../expect-revision.ts';
import { liveCompactSetup } from '../systems/live-setup.ts';
import { bothLists, type ReadList } from './both-lists.ts';
import { type ListMappingsView, listMappingsOf } from './list-mappings.ts';

/** The pairs of two lists, all of them. */
export interface ListMappingInput {
  readonly erpList: string;
  readonly crmList: string;
  readonly pairs: readonly ItemPair[];
  /** False, as it was read: nobody has said yet what its pairs are. */
  readonly paired?: unknown;
}

/** A list mapping that was sent, where it stands in the request, and the lists that it is of. */
interface Sent {
  readonly input: ListMappingInput;
  readonly at: string;
  readonly lists: ListsInUse;
}

/** Faults: lists that nobody needs, or that were sent before. */
function located(
  inputs: readonly ListMappingInput[],
  used: readonly ListsInUse[],
): { readonly sent: Sent[]; readonly faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const sent = inputs.flatMap((input, place): Sent[] => {
    const at = `lists[${place}]`;
    const first = inputs.findIndex((other) => areSameLists(other, input));
    if (first < place) faults.push({ path: at, message: `These two lists are in lists[${first}] too` });
    const lists = used.find((other) => areSameLists(other, input));
    if (!lists) faults.push({ path: at, message: 'No mapped field joins these two lists' });
    return lists ? [{ input, at, lists }] : [];
  });
  return { sent, faults };
}

const unkeepable = 'An item of the ERP with this key cannot be mapped: leave it out';

/**
 * An item that its system does not have, or whose pair could not be read again, unless the pair is one that stands: what
 * is gone is kept until it is changed.
 */
async function unknownItems({ input, at, lists }: Sent, readList: ReadList): Promise<FieldFault[]> {
  const stands = lists.pairing?.pairs ?? {};
  if (input.pairs.length === 0) return [];
  const [erp, crm] = await Promise.all([readList('erp', input.erpList), readList('crm', input.crmList)]);
  const known = { erp: new Set(erp.map(({ key }) => key)), crm: new Set(crm.map(({ key }) => key)) };
  return input.pairs.flatMap(({ erpItem, crmItem }, place) => {
    if (stands[erpItem] === crmItem) return [];
    const erpFault = isKeepable(erpItem) ? !known.erp.has(erpItem) && 'The ERP has no such item' : unkeepable;
    return [
      ...(erpFault ? [{ path: `${at}.pairs[${place}].erpItem`, message: erpFault }] : []),
      ...(known.crm.has(crmItem)
        ? []
        : [{ path: `${at}.pairs[${place}].crmItem`, message: 'The CRM has no such item' }]),
    ];
  });
}

async function pairingOf(
  { connection }: ConnectionSetup,
  { input, lists }: Sent,
  readList: ReadList,
): Promise<ListPairing> {
  const { erpList, crmList } = input;
  const pairs = pairsByItem(input.pairs);
  const now: ListPairing = { tenantId: connection.tenantId, connectionId: connection.id, erpList, crmList, pairs };
  const isPairedByCode = erpList === countryList && crmList === countryList;
  if (!isPairedByCode) return now;
  const filled = filledByCode({ pairs }, await readList('erp', erpList), await readList('crm', crmList));
  const all = new Set([...Object.keys(filled), ...(lists.pairing?.leftOut ?? [])]);
  const leftOut = [...all].filter((item) => !Object.hasOwn(pairs, item));
  return leftOut.length === 0 ? now : { ...now, leftOut };
}

/** Every fault of the pairs of lists, and without one how those pairings are and shall be. */
export async function checkedPairs(
  setup: ConnectionSetup,
  inputs: readonly ListMappingInput[],
  readList: ReadList,
): Promise<{ readonly faults: FieldFault[]; readonly before: ListPairing[]; readonly after: ListPairing[] }> {
  const { sent, faults: misplaced } = located(inputs, listsInUse(setup, setup.actorTypes));
  return checkedSent(setup, sent, misplaced, readList);
}

async function checkedSent(
  setup: ConnectionSetup,
  sent: readonly Sent[],
  misplaced: readonly FieldFault[],
  readList: ReadList,
) {
  const unknown = await Promise.all(sent.map((one) => unknownItems(one, readList)));
  const twice = sent.flatMap(({ lists, input, at }) => duplicateFaults(lists, input.pairs, `${at}.pairs`));
  const faults = [...misplaced, ...twice, ...unknown.flat()];
  if (faults.length > 0) return { faults, before: [], after: [] };
  const after = await Promise.all(sent.map((one) => pairingOf(setup, one, readList)));
  return { faults, before: sent.flatMap(({ lists }) => lists.pairing ?? []), after };
}

/** The trail of a change of list pairs. */
export function trailOnLists(
  app: Application,
  caller: Caller,
  connection: Pick<Connection, 'id' | 'name'>,
  { before, after }: { readonly before: readonly ListPairing[]; readonly after: readonly ListPairing[] },
): Trail {
  const states = { before: listPairsState(before), after: listPairsState(after) };
  return trailOnPart(app, caller, connection, { act: 'list-mapping.change', ...states });
}

/** Its pairs are those that there are, each sent once; that there shall be none is said too, where it was not before. */
function stands({ input, lists }: Sent): boolean {
  if (!lists.pairing && input.paired !== false) return false;
  const there = lists.pairing?.pairs ?? {};
  return input.pairs.length === Object.keys(there).length && sameContent(pairsByItem(input.pairs), there);
}

/** What stands stays while the connection is active: links were agreed by it. */
function refuseChanges({ connection }: ConnectionSetup, sent: readonly Sent[]): void {
  if (connection.state === 'inactive') return;
  const faults = sent.flatMap(({ input, at, lists }) => {
    const now = new Map(input.pairs.map(({ erpItem, crmItem }) => [erpItem, crmItem]));
    const changed = Object.entries(lists.pairing?.pairs ?? {}).filter(
      ([erpItem, crmItem]) => now.get(erpItem) !== crmItem,
    );
    return changed.map(([erpItem]) => ({
      path: `${at}.pairs`,
      message: `The pair of the ERP item ${erpItem} is changed`,
    }));
  });
  if (faults.length === 0 && connection.state === 'active') return;
  throw new SyncError(
    'conflict',
    'While a connection is active, items can be mapped that are not mapped yet; everything else only while it is inactive.',
    { faults },
  );
}

/** By a run at once; where none can be started, by the next poll. */
async function release(app: Application, { tenantId, caller }: Caller, connectionId: string): Promise<void> {
  const trigger = { by: 'user', caller } as const;
  try {
    await startRun(app, { tenantId, connectionId, kind: 'sync', scope: { kind: 'connection' }, trigger });
  } catch (error) {
    if (asSyncError(error).kind !== 'conflict') throw error;
  }
}

/** Replaces the pairs of the lists that are named; the others stay. Every fault is named with its place. */
export async function saveListMappings(
  app: Application,
  ref: {
    readonly caller: Caller;
    readonly id: string;
    readonly ifMatch: IfMatch;
    readonly language: string | undefined;
  },
  inputs: readonly ListMappingInput[],
): Promise<ListMappingsView> {
  const { caller, id: connectionId, ifMatch, language } = ref;
  const { tenantId } = caller;
  const setup = await liveCompactSetup(app, tenantId, connectionId);
  expectRevision(setup.lists.revision, ifMatch);
  const { sent: named, faults: misplaced } = located(inputs, listsInUse(setup, setup.actorTypes));
  if (misplaced.length > 0) throw invalid(misplaced);
  const readList = bothLists(app, setup, language);
  const sent = named.filter((one) => !stands(one));
  if (sent.length === 0) return listMappingsOf(setup, readList);
  refuseChanges(setup, sent);
  const { faults, before, after } = await checkedSent(setup, sent, [], readList);
  if (faults.length > 0) throw invalid(faults, 'The list mapping has faults; each is listed.');
  const { connection, lists } = setup;
  const trail = trailOnLists(app, caller, connection, { before, after });
  const others = setup.listPairings.filter((one) => !before.includes(one));
  const saved = { ...setup, listPairings: [...others, ...after] };
  if (trail.length === 0 && before.length === after.length) return listMappingsOf(saved, readList);
  const isActive = connection.state === 'active';
  const stored = await app.connections.putListPairs({
    tenantId,
    connectionId,
    revision: lists.revision,
    mappedAt: isActive ? app.runtime.now() : undefined,
    before,
    after,
    whileIn: connection.state,
    trail,
  });
  if (!stored) throw changedMeanwhile();
  if (isActive) await release(app, caller, connectionId);
  return listMappingsOf({ ...saved, lists: { ...lists, revision: lists.revision + 1 } }, readList);
}
