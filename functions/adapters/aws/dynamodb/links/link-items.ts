/**
 * The stored form of a link and of what it owns. Always true: what an earlier version stored is read in the words of this
 * one, and the attributes keep their first names. Nothing is written here, so a crash leaves nothing. Attacked by
 * test/adapters/aws/dynamodb/links/link-items.test.ts.
 */

import { Link, type LinkHead, type SeenState } from '../../../../core/model/link.ts';
import type { Side } from '../../../../core/model/side.ts';
import type { LinkOfRecord } from '../../../../ports/links.ts';
import type { Attribute, Condition, Item, Key, Table, Write } from '../../../../ports/table.ts';
import { indexPartitions, keyParts, keys, lastPart, sortKeys } from '../table/keys.ts';
import { largestGrowingItemBytes, readItem, storedItem, trustedItem } from '../table/stored-item.ts';
import { isMap } from './attribute-map.ts';
import { joinedLinks, partsOf, standingParts, upgraded } from './link-parts.ts';

/** The link's own item first, then what stands beside it. */
function linkItems(link: Link): readonly [Item, ...Item[]] {
  const { tenantId, connectionId, id, state, ends } = link;
  const index = {
    gsi1pk: indexPartitions.linksOfCrmRecord(tenantId, ends.crm.table, ends.crm.key),
    gsi1sk: sortKeys.ofCrmRecord(id, connectionId),
    gsi2pk: indexPartitions.linkByState(tenantId, connectionId, state, id),
    gsi2sk: sortKeys.link(ends.erp.type, id),
    gsi3pk: indexPartitions.link(tenantId, connectionId, id),
    gsi3sk: sortKeys.link(ends.erp.type, id),
  };
  const parts = partsOf(link);
  const parted = { type: 'link', key: keys.linkOf(tenantId)(id), index, largestBytes: largestGrowingItemBytes };
  return [
    storedItem(parted, { ...asStored(link), ...parts.named, fields: unlessEmpty(parts.named.fields) }),
    ...parts.items,
  ];
}

/** As short as it is clear, for every look writes it: what was seen of a side is a list of version, values and stamp. */
function asStored({ ends: { crm, erp }, fieldStates: _fields, intent: _intent, ...rest }: Link): object {
  // Three ids of 26 letters that its keys have already.
  const { seen, choices, openFailures, tenantId: _tenant, connectionId: _connection, id: _id, ...plain } = rest;
  const listed = (one: SeenState | undefined) =>
    one && [one.version, one.values, ...(one.changedAtMs === undefined ? [] : [one.changedAtMs])];
  return {
    ...plain,
    seen: seen.crm || seen.erp ? { crm: listed(seen.crm), erp: listed(seen.erp) } : undefined,
    choices: unlessEmpty(choices),
    openFailures: openFailures.length > 0 ? openFailures : undefined,
    crmType: crm.type,
    crmTable: crm.table,
    crmKey: crm.key,
    actorType: erp.type,
    erpTable: erp.table,
    erpKey: erp.key,
  };
}

function unlessEmpty(map: object): object | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}

function seenRead(seen: Attribute | undefined): Attribute | undefined {
  if (!Array.isArray(seen)) return seen;
  const [version, values, changedAtMs] = seen;
  return { version: version ?? '', values: values ?? '', ...(changedAtMs !== undefined && { changedAtMs }) };
}

/** What an earlier version stored has them as attributes too, and the same. */
function idsInKeys(pk: string, gsi3pk: Attribute | undefined): Pick<Link, 'tenantId' | 'id' | 'connectionId'> {
  const [tenantId = '', , id = ''] = keyParts(pk);
  const [, , connectionId = ''] = keyParts(typeof gsi3pk === 'string' ? gsi3pk : '');
  return { tenantId, id, connectionId };
}

/** A link from its attributes, part by part, for they are read by the thousand. */
function linkRead(item: Item, fieldStates: object, intent: unknown): Record<keyof Link, unknown> {
  const { crm, erp } = isMap(item.seen) ? item.seen : {};
  const { choices = {}, openFailures = [] } = item;
  return {
    ...idsInKeys(item.pk, item.gsi3pk),
    ends: {
      crm: { type: item.crmType, table: item.crmTable, key: item.crmKey },
      erp: { type: item.actorType, table: item.erpTable, key: item.erpKey },
    },
    names: item.names,
    state: item.state,
    stateReason: item.stateReason,
    mergedInto: item.mergedInto,
    revision: item.revision,
    fieldStates,
    forms: item.forms,
    choices,
    seen: { crm: seenRead(crm), erp: seenRead(erp) },
    intent,
    shared: item.shared,
    resyncsFromCrm: item.resyncsFromCrm,
    withheld: item.withheld,
    openFailures,
    createdAt: item.createdAt,
    createdBy: item.createdBy,
    lastSyncedAt: item.lastSyncedAt,
    erasedAt: item.erasedAt,
    countedIn: item.countedIn,
  };
}

/** A link as it was found, without what stands beside it. */
export function readHead(item: Item): LinkHead {
  const mark = item.mark ?? item.intent;
  const intent = isMap(mark) ? { token: mark.token, expiresAtMs: mark.expiresAtMs } : undefined;
  // Only links are stored under this tag, in this shape, by linkItems.
  return trustedItem('link', item, () => linkRead(item, fieldStatesOf(item.fields), intent) as LinkHead);
}

/** A link as a list of changes of one side is compared with it; pages of them are read with every poll. */
export function readOfRecord(item: Item, side: Side): LinkOfRecord {
  const link: Record<keyof LinkOfRecord, unknown> = {
    id: lastPart(item.pk),
    state: item.state,
    key: side === 'crm' ? item.crmKey : item.erpKey,
    actorType: item.actorType,
    seen: isMap(item.seen) ? seenRead(item.seen[side]) : undefined,
    hasIntent: (item.mark ?? item.intent) !== undefined,
  };
  // As above.
  return trustedItem('link', item, () => link as LinkOfRecord);
}

function fieldStatesOf(fields: Attribute | undefined): object {
  if (!isMap(fields)) return {};
  return Object.fromEntries(Object.entries(fields).map(([field, state]) => [field, upgraded(state)]));
}

/** Links as they were found, each with what stands beside it. */
export async function readLinks(table: Table, items: readonly Item[]): Promise<Link[]> {
  const links = await joinedLinks(table, items);
  // As above.
  return links.map(({ item, fieldStates, intent }) =>
    trustedItem('link', item, () => linkRead(item, fieldStates, intent) as Link),
  );
}

export async function readLink(table: Table, tenantId: string, linkId: string): Promise<Link | undefined> {
  const found = await table.get(keys.linkOf(tenantId)(linkId));
  const [link] = found ? await joinedLinks(table, [found]) : [];
  return link && readItem('link', Link, link.item, (item) => linkRead(item, link.fieldStates, link.intent));
}

/** A new link, on condition that there is none. */
export function newLinkWrites(link: Link): readonly [Write, ...Write[]] {
  const [item, ...beside] = linkItems(link);
  return [{ put: item, when: { exists: false } }, ...beside.map((put): Write => ({ put }))];
}

function onlyOne<T>(items: readonly T[]): readonly T[] {
  return items.length === 1 ? items : [];
}

/** Replaces the link and what stands beside it, on condition that nobody wrote it since it was read. */
export function linkWrites(before: Link, after: Link): readonly [Write, ...Write[]] {
  const [item, ...beside] = linkItems(after);
  const kept = new Set(beside.map(({ sk }) => sk));
  const old = standingParts(before);
  // What is one part is the same part whatever order its values are read in; how several are packed hangs on that order.
  const known = old
    .filter(({ type }) => type !== 'values')
    .concat(onlyOne(old.filter(({ type }) => type === 'values')));
  const standing = new Map(known.map(({ sk, of }) => [sk, of]));
  const gone = old.filter(({ sk }) => !kept.has(sk));
  return [
    { put: item, when: { equals: { revision: before.revision } } },
    ...beside.filter(({ sk, of }) => standing.get(sk) !== of).map((put): Write => ({ put })),
    ...gone.map(({ pk, sk }): Write => ({ delete: { pk, sk } })),
  ];
}

function claimKey({ tenantId, connectionId, ends }: ClaimedBy, side: Side): Key {
  const { table, key } = ends[side];
  return keys.claimOf({ tenantId, connectionId, side, table })(key);
}

type ClaimedBy = Pick<Link, 'tenantId' | 'connectionId' | 'ends'>;

interface Claim {
  readonly by: 'crm-record' | 'erp-actor';
  readonly side: Side;
  readonly key: Key;
}

/** The two items that make both uniqueness rules true; each names the link that has it. */
export function claimsOf(link: ClaimedBy): readonly Claim[] {
  return [
    { by: 'crm-record', side: 'crm', key: claimKey(link, 'crm') },
    { by: 'erp-actor', side: 'erp', key: claimKey(link, 'erp') },
  ];
}

/** Puts them, on the condition given: free, or this link's already. */
export function takeClaims({ id: linkId, connectionId }: Link, when: Condition, claims: readonly Claim[]): Write[] {
  return claims.map(({ key }) => ({ put: storedItem({ type: 'claim', key }, { linkId, connectionId }), when }));
}

export function giveClaimsBack(link: ClaimedBy & Pick<Link, 'id'>, claims = claimsOf(link)): Write[] {
  return claims.map(({ key }) => ({ delete: key, when: { equals: { linkId: link.id } } }));
}
