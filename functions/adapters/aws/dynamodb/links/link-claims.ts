/**
 * Always true: a link that is not disconnected has both its claims, which no other link has, and is in the list of its CRM
 * record's links.
 * Each move below is one transaction, so a crash leaves either state, never a half. Attacked by
 * test/contract/stores-links-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import { mostLinksOfCrmRecord } from '../../../../core/model/crm-record.ts';
import type { DueItem } from '../../../../core/model/due.ts';
import { type Link, linkMoves, withoutData } from '../../../../core/model/link.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import type { Trail } from '../../../../ports/audit.ts';
import type { ConnectResult, LinkMove } from '../../../../ports/links.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { trailWrites } from '../set-up/audit.ts';
import { keys } from '../table/keys.ts';
import { textIn } from '../table/stored-item.ts';
import { crmRecordKey, type Joining, joinCrmRecord, leaveCrmRecord } from './crm-records.ts';
import { dueItem } from './due-items.ts';
import { claimsOf, giveClaimsBack, linkWrites, newLinkWrites, readLink, takeClaims } from './link-items.ts';
import { summaryWrites } from './summary-counters.ts';
import { waitingWrites } from './waiting-links.ts';

/** The link in the way may let go between the refusal and the look at who it was: then the move is tried again. */
const mostTries = 4;
/** Whoever is refused by a list that has changed is so because another one came or left. */
const mostReadsOfList = 3 * mostLinksOfCrmRecord;

export async function connectLink(table: Table, link: Link, due: DueItem): Promise<ConnectResult> {
  const claims = claimsOf(link);
  const result = await takeOrName(table, link, claims, (joining) => {
    const after = sharedIf(link, joining);
    return {
      after,
      claims: takeClaims(link, { exists: false }, claims),
      rest: [...newLinkWrites(after), { put: dueItem(due) }, ...summaryWrites(undefined, after)],
    };
  });
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
  const pending: Link = { ...before, state: 'pending', revision: before.revision + 1 };
  delete pending.stateReason;
  delete pending.mergedInto;
  delete pending.resyncsFromCrm;
  delete pending.erasedAt;
  assertMove(before, pending);
  const isBack = before.state === 'disconnected';
  const mine = isBack ? { exists: false } : { equals: { linkId: before.id } };
  const claims = claimsOf(pending);
  const make = (joining: Joining | undefined): Move => {
    const after = sharedIf(pending, joining);
    return {
      after,
      claims: takeClaims(after, mine, claims),
      rest: [
        ...linkWrites(before, after),
        { put: dueItem(due) },
        ...summaryWrites(before, after),
        ...waitingWrites(before, after),
      ],
    };
  };
  const result = await takeOrName(table, pending, claims, make, isBack ? 'joins' : 'stays');
  return unlessSuperseded(table, before, result);
}

/** Others may have come to its CRM record, or left it. */
function sharedIf(link: Link, joining: Joining | undefined): Link {
  if (!joining) return link;
  const { shared: _before, ...alone } = link;
  return joining.shared ? { ...alone, shared: true } : alone;
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
    names: before.names && { ...before.names, [side]: undefined },
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
  delete after.resyncsFromCrm;
  assertMove(before, after);
  const ofSide = (link: Link) => claimsOf(link).filter((claim) => claim.side === side);
  const wanted = ofSide(after);
  const left = side === 'crm' && before.shared ? await table.get(crmRecordKey(before)) : undefined;
  const make = (joining: Joining | undefined): Move => {
    const there = sharedIf(after, joining);
    return {
      after: there,
      claims: takeClaims(after, { exists: false }, wanted),
      rest: [
        ...linkWrites(before, there),
        ...giveClaimsBack(before, ofSide(before)),
        ...(side === 'crm' ? leaveCrmRecord(before, left) : []),
        { put: dueItem(due) },
        ...before.openFailures.map((failureId): Write => ({ delete: keys.failure(before.tenantId, failureId) })),
        ...summaryWrites(before, there),
        ...waitingWrites(before, there),
      ],
    };
  };
  const result = await takeOrName(table, after, wanted, make, side === 'crm' ? 'joins' : 'stays');
  return unlessSuperseded(table, before, result);
}

/** The claims, the due item and the open failures go. An intent stays, and the link is due until a look has settled it. */
export async function disconnectLink(
  table: Table,
  before: Link,
  settles: DueItem,
): Promise<'disconnected' | 'superseded'> {
  const after: Link = { ...before, state: 'disconnected', openFailures: [], revision: before.revision + 1 };
  delete after.stateReason;
  delete after.mergedInto;
  // With an intent it is settled yet, and the others are to be told.
  if (!before.intent) delete after.shared;
  assertMove(before, after);
  const due: Write = before.intent ? { put: dueItem(settles) } : { delete: dueKey(before) };
  return (await leave(table, before, after, [due])) ? 'disconnected' : 'superseded';
}

/** With all that it knows of its records; one that is disconnected already has no claims. */
export async function eraseLink(
  table: Table,
  before: Link,
  erasedAt: string,
  trail: Trail,
): Promise<'erased' | 'superseded'> {
  const after = withoutData({ ...before, revision: before.revision + 1 }, erasedAt);
  const more: Write[] = [{ delete: dueKey(before) }, ...trailWrites(trail)];
  return (await leave(table, before, after, more)) ? 'erased' : 'superseded';
}

function dueKey({ tenantId, connectionId, id }: Link) {
  return keys.due(tenantId, connectionId, id);
}

/** The link as it shall be, without its failures, and without its claims and its place in the list if it has them; false = superseded. */
async function leave(table: Table, before: Link, after: Link, more: readonly Write[]): Promise<boolean> {
  const { tenantId, id, openFailures } = before;
  const isListed = before.state !== 'disconnected';
  const left = isListed && before.shared ? await table.get(crmRecordKey(before)) : undefined;
  const own: Write[] = [
    ...linkWrites(before, after),
    ...(isListed ? giveClaimsBack(before) : []),
    ...more,
    ...openFailures.map((failureId): Write => ({ delete: keys.failure(tenantId, failureId) })),
    ...summaryWrites(before, after),
    ...waitingWrites(before, after),
  ];
  const writes = [...own, ...(isListed ? leaveCrmRecord(before, left) : [])];
  const outcome = await table.transact(writes, fingerprint(writes));
  if (outcome.ok) return true;
  if (outcome.failed.includes(0)) return false;
  // Another link came to the record, or left it, since that was read.
  const listMoved = before.shared && outcome.failed.every((position) => position >= own.length);
  if (listMoved) return leave(table, before, after, more);
  throw new SyncError('defect', `Link ${id} does not have its own claims.`);
}

/** What is written, but for the list of the CRM record's links. */
interface Move {
  readonly after: Link;
  readonly claims: readonly Write[];
  /** The link first: its write fails if somebody else wrote it since it was read. */
  readonly rest: readonly Write[];
}

/**
 * Makes the move, or says which of the claims wanted is taken and by whom; `moved`: by this link, which is no more as it
 * was. The CRM record's list is read only once it is seen to be there: most records have one link.
 */
async function takeOrName(
  table: Table,
  link: Link,
  wanted: ReturnType<typeof claimsOf>,
  make: (joining: Joining | undefined) => Move,
  list: 'joins' | 'stays' = 'joins',
): Promise<ConnectResult | 'moved'> {
  let found: Item | undefined;
  let reads = 0;
  for (let tries = 0; tries < mostTries && reads < mostReadsOfList; ) {
    const joining = list === 'joins' ? joinCrmRecord(link, found) : undefined;
    if (joining?.fullBy !== undefined) return { result: 'taken', by: 'crm-record-full', takenBy: joining.fullBy };
    const { after, claims, rest } = make(joining);
    const writes = [...claims, ...rest, ...(joining?.writes ?? [])];
    const outcome = await table.transact(writes, fingerprint(writes));
    if (outcome.ok) return { result: 'connected', link: after };
    const refused = wanted.find((_, position) => outcome.failed.includes(position));
    if (!refused) {
      const asRead = outcome.failed.every((position) => position < claims.length + rest.length);
      if (asRead || outcome.failed.includes(claims.length)) return 'moved';
      found = await table.get(crmRecordKey(link));
      reads += 1;
      continue;
    }
    tries += 1;
    const inTheWay = await table.get(refused.key);
    const linkId = inTheWay && textIn(inTheWay, 'linkId');
    const gaveBack = linkId === undefined && outcome.failed.includes(wanted.length);
    if (linkId === link.id || gaveBack) return 'moved';
    if (linkId !== undefined) return { result: 'taken', by: refused.by, takenBy: linkId };
  }
  throw new SyncError('transient', `The claims of link ${link.id} change hands all the time.`);
}

function assertMove(before: Link, after: Link): void {
  if (linkMoves[before.state].includes(after.state)) return;
  throw new SyncError('conflict', `Link ${before.id} is ${before.state}; it cannot become ${after.state}.`);
}
