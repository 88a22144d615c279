/**
 * The pairs of a connection's lists, beside the connection, so that one query reads both. Always true: pairs change on
 * condition of the revision of all list mappings, with their trail; who reads a part of a list that is not the one the
 * others belong to reads again, and never takes it for a list with fewer pairs. One change is one transaction, so a crash
 * leaves it or not. Attacked by test/contract/stores-lists-suite.ts.
 */
import type { ListPairs } from '../../../../core/mapping/mapping.ts';
import { ListMappings, ListPairing, noListMappings } from '../../../../core/model/connection-setup.ts';
import { packsOf } from '../../../../core/packs.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import type { ListPairsChange } from '../../../../ports/connections.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { oneTransaction } from '../table/one-transaction.ts';
import { attributesOf, numberIn, readItem, storedItem, textIn } from '../table/stored-item.ts';
import { trailWrites } from './audit.ts';

/** Of one part's pairs, as JSON. */
const largestPartBytes = 40_000;

function partsOf({ pairs, leftOut, ...named }: ListPairing): Item[] {
  const packs = packsOf(Object.entries(pairs), largestPartBytes);
  const parts = Math.max(1, packs.length);
  const of = fingerprint(pairs);
  return Array.from({ length: parts }, (_, part) => {
    const { tenantId, connectionId, erpList, crmList } = named;
    const key = keys.listPairing(tenantId, connectionId, erpList, crmList, part);
    const some: ListPairs = Object.fromEntries(packs[part] ?? []);
    const whole = parts > 1 ? { part, parts, of } : {};
    return storedItem(
      { type: 'list-pairing', key },
      { ...named, pairs: some, ...whole, leftOut: part === 0 ? leftOut : undefined },
    );
  });
}

/** Nothing where the parts are not of one write. */
function joined(items: readonly Item[]): ListPairing | undefined {
  const first = items.find((item) => numberIn(item, 'part') === 0);
  if (!first) return undefined;
  const parts = Math.max(1, numberIn(first, 'parts'));
  const all = items.filter((item) => textIn(item, 'of') === textIn(first, 'of')).slice(0, parts);
  if (all.length < parts) return undefined;
  const read = all.map((item) => readItem('list-pairing', ListPairing, item));
  const [{ leftOut, ...named } = readItem('list-pairing', ListPairing, first)] = read;
  const pairs: ListPairs = Object.fromEntries(read.flatMap((part) => Object.entries(part.pairs)));
  return leftOut ? { ...named, pairs, leftOut } : { ...named, pairs };
}

/** The pairings in a connection's partition; nothing where one was being written while they were read. */
export function pairingsIn(items: readonly Item[]): ListPairing[] | undefined {
  const ofLists = Map.groupBy(
    items.filter(({ type }) => type === 'list-pairing'),
    (item) => `${textIn(item, 'erpList')}\n${textIn(item, 'crmList')}`,
  );
  const all = [...ofLists.values()].map(joined);
  const whole = all.filter((pairing) => pairing !== undefined);
  return whole.length === all.length ? whole : undefined;
}

export function listMappingsIn(items: readonly Item[]): ListMappings {
  const head = items.find(({ type }) => type === 'list-mappings');
  return head ? readItem('list-mappings', ListMappings, head) : noListMappings;
}

/** On condition of the revision of all list mappings. */
export function listPairWrites(change: Omit<ListPairsChange, 'whileIn' | 'trail'>): Write[] {
  const { tenantId, connectionId, revision, mappedAt, after, before } = change;
  const head: ListMappings = { revision: revision + 1, mappedAt };
  const { pk, sk, ...set } = storedItem(
    { type: 'list-mappings', key: keys.listMappings(tenantId, connectionId) },
    head,
  );
  const puts = after.flatMap(partsOf);
  const kept = new Set(puts.map(({ sk }) => sk));
  const gone = before.flatMap(partsOf).filter(({ sk }) => !kept.has(sk));
  return [
    {
      update: { pk, sk },
      set: attributesOf(set),
      when: revision === noListMappings.revision ? { exists: false } : { equals: { revision } },
    },
    ...puts.map((put): Write => ({ put })),
    ...gone.map((item): Write => ({ delete: { pk: item.pk, sk: item.sk } })),
  ];
}

export async function putListPairs(table: Table, change: ListPairsChange): Promise<boolean> {
  const { tenantId, connectionId, whileIn, trail } = change;
  const state = { state: whileIn ?? '' };
  const writes: Write[] = [
    ...listPairWrites(change),
    ...(whileIn === undefined
      ? []
      : [{ update: keys.connection(tenantId, connectionId), set: state, when: { equals: state } }]),
    ...trailWrites(trail),
  ];
  const told = { what: 'The change of pairs', instead: 'Change fewer lists at a time.' };
  return (await table.transact(oneTransaction(writes, told))).ok;
}

/** Only while no pair was changed since. */
export async function endRelease(
  table: Table,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  revision: number,
): Promise<void> {
  const key = keys.listMappings(tenantId, connectionId);
  await table.write({ update: key, remove: ['mappedAt'], when: { equals: { revision } } });
}
