/**
 * Always true: a link that is not disconnected has both its claims and its CRM record's item, and no other link has them.
 * Each move below is one transaction, so a crash leaves either state, never a half. Attacked by
 * test/contract/stores-links-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import type { DueItem } from '../../../../core/model/due.ts';
import { type Link, linkMoves } from '../../../../core/model/link.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import type { ConnectResult, LinkMove } from '../../../../ports/links.ts';
import type { Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { textIn } from '../table/stored-item.ts';
import { dueItem } from './due-items.ts';
import {
  giveUniqueItemsBack,
  linkWrites,
  newLinkWrites,
  readLink,
  takeUniqueItems,
  uniqueItems,
} from './link-items.ts';
import { summaryWrites } from './summary-counters.ts';

/** The link in the way may let go between the refusal and the look at who it was: then the move is tried again. */
const mostTries = 4;

export async function connectLink(table: Table, link: Link, due: DueItem): Promise<ConnectResult> {
  const writes: Write[] = [
    ...takeUniqueItems(link, { exists: false }),
    ...newLinkWrites(link),
    { put: dueItem(due) },
    ...summaryWrites(undefined, link),
  ];
  const result = await takeOrName(table, link, uniqueItems(link), writes);
  if (result !== 'moved') return result;
  const stored = await readLink(table, link.tenantId, link.id);
  if (!stored) throw new SyncError('defect', `Link ${link.id} has claims but does not exist.`);
  return { result: 'connected', link: stored };
}

export async function restoreLink(
  table: Table,
  before: Link,
  due: DueItem,
): Promise<ConnectResult | { readonly result: 'superseded' }> {
  const after: Link = { ...before, state: 'pending', revision: before.revision + 1 };
  delete after.stateReason;
  delete after.mergedInto;
  assertMove(before, after);
  const mine = before.state === 'disconnected' ? { exists: false } : { equals: { linkId: before.id } };
  const writes: Write[] = [
    ...takeUniqueItems(after, mine),
    ...linkWrites(before, after),
    { put: dueItem(due) },
    ...summaryWrites(before, after),
  ];
  return unlessSuperseded(table, before, await takeOrName(table, after, uniqueItems(after), writes));
}

/** The link's own claims stand in nobody's way: a refusal while it was written by somebody else says nothing. */
async function unlessSuperseded(
  table: Table,
  before: Link,
  result: ConnectResult | 'moved',
): Promise<ConnectResult | { readonly result: 'superseded' }> {
  if (result === 'moved') return { result: 'superseded' };
  if (result.result === 'connected') return result;
  const stored = await readLink(table, before.tenantId, before.id);
  return stored?.revision === before.revision ? result : { result: 'superseded' };
}

/** The other end keeps its claim. */
export async function moveLink(
  table: Table,
  before: Link,
  { side, key, choices }: LinkMove,
  due: DueItem,
): Promise<ConnectResult | { readonly result: 'superseded' }> {
  const after: Link = {
    ...before,
    ends: { ...before.ends, [side]: { ...before.ends[side], key } },
    state: 'pending',
    fieldStates: {},
    choices,
    seen: {},
    openFailures: [],
    revision: before.revision + 1,
  };
  delete after.stateReason;
  delete after.mergedInto;
  delete after.intent;
  assertMove(before, after);
  const ofSide = (link: Link) => uniqueItems(link).filter((item) => item.side === side);
  const wanted = ofSide(after);
  const writes: Write[] = [
    ...takeUniqueItems(after, { exists: false }, wanted),
    ...giveUniqueItemsBack(before, ofSide(before)),
    ...linkWrites(before, after),
    { put: dueItem(due) },
    ...before.openFailures.map((failureId): Write => ({ delete: keys.failure(before.tenantId, failureId) })),
    ...summaryWrites(before, after),
  ];
  return unlessSuperseded(table, before, await takeOrName(table, after, wanted, writes));
}

/** The claims, the due item and the open failures go. An intent stays, and the link is due until a look has settled it. */
export async function disconnectLink(
  table: Table,
  before: Link,
  settles: DueItem,
): Promise<'disconnected' | 'superseded'> {
  const { tenantId, connectionId, id } = before;
  const after: Link = { ...before, state: 'disconnected', openFailures: [], revision: before.revision + 1 };
  delete after.stateReason;
  delete after.mergedInto;
  assertMove(before, after);
  const writes: Write[] = [
    ...linkWrites(before, after),
    ...giveUniqueItemsBack(before),
    before.intent ? { put: dueItem(settles) } : { delete: keys.due(tenantId, connectionId, id) },
    ...before.openFailures.map((failureId): Write => ({ delete: keys.failure(tenantId, failureId) })),
    ...summaryWrites(before, after),
  ];
  const outcome = await table.transact(writes, fingerprint(writes));
  if (outcome.ok) return 'disconnected';
  if (outcome.failed.includes(0)) return 'superseded';
  throw new SyncError('defect', `Link ${id} does not have its own claims.`);
}

/**
 * Makes the move, or says which of the items wanted is taken and by whom; `moved`: by this link, which is no more as it
 * was. The first writes are those of the items wanted, the next one fails if the link was written since.
 */
async function takeOrName(
  table: Table,
  after: Link,
  wanted: ReturnType<typeof uniqueItems>,
  writes: readonly Write[],
): Promise<ConnectResult | 'moved'> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const outcome = await table.transact(writes, fingerprint(writes));
    if (outcome.ok) return { result: 'connected', link: after };
    const refused = wanted.find((_, position) => outcome.failed.includes(position));
    if (!refused) return 'moved';
    const inTheWay = await table.get(refused.key);
    const linkId = inTheWay && textIn(inTheWay, 'linkId');
    const gaveBack = linkId === undefined && outcome.failed.includes(wanted.length);
    if (linkId === after.id || gaveBack) return 'moved';
    if (linkId !== undefined) return { result: 'taken', by: refused.by, takenBy: linkId };
  }
  throw new SyncError('transient', `The claims of link ${after.id} change hands all the time.`);
}

function assertMove(before: Link, after: Link): void {
  if (linkMoves[before.state].includes(after.state)) return;
  throw new SyncError('conflict', `Link ${before.id} is ${before.state}; it cannot become ${after.state}.`);
}
