/**
 * The stored form of the log. Always true: all changes of one look are one item, in parts of at most 60 KB where they are
 * more, so that the record of a look with many large values fits into its transaction; a change that an earlier version, or
 * a dry run, stored as an item of its own reads the same. Nothing is written here, so a crash leaves nothing. Attacked by
 * test/contract/stores-log-suite.ts and test/contract/stores-sizes-suite.ts.
 */
import * as z from 'zod';
import { FieldChange, withoutValues } from '../../../../core/model/field-change.ts';
import { packsOf } from '../../../../core/packs.ts';
import type { Item } from '../../../../ports/table.ts';
import { expiryAfter } from '../set-up/retention.ts';
import { indexPartitions, keyParts, keys, sortKeys } from '../table/keys.ts';
import { packedIds, unpackedIds } from '../table/packed-ids.ts';
import { attributesOf, readItem, storedItem } from '../table/stored-item.ts';

const largestPartBytes = 60_000;

/** What all changes of a look have in common stands once. */
const common = {
  tenantId: true,
  connectionId: true,
  linkId: true,
  runId: true,
  at: true,
  crmType: true,
  crmKey: true,
  crmName: true,
  actorType: true,
  erpKey: true,
  erpName: true,
  mappingVersion: true,
  erased: true,
} as const;
const LookFacts = FieldChange.pick(common);
const Row = FieldChange.omit(common);
const LookChanges = LookFacts.extend({ rows: z.array(Row) });

/** Ids, and which side was written, why and with what outcome, stand apart; what few rows have comes last. */
function rowsOf(changes: readonly FieldChange[]) {
  const whys: string[][] = [];
  const rows = changes.map((change) => {
    const { side, rule, outcome, erpField, crmField, oldValue, newValue, sentValue, conflict, transform } = change;
    const same = whys.findIndex((why) => why[0] === side && why[1] === rule && why[2] === outcome);
    const why = same < 0 ? whys.push([side, rule, outcome]) - 1 : same;
    const rest = { sentValue, conflict, transform };
    const more = Object.values(rest).every((part) => part === undefined) ? [] : [rest];
    return [why, erpField, crmField, oldValue, newValue, ...more];
  });
  return { ids: packedIds(changes.map(({ id }) => id)), whys, rows };
}

function rowsRead({ ids, whys, rows }: Item): unknown {
  if (typeof ids !== 'string' || !Array.isArray(whys) || !Array.isArray(rows)) return formerRows(rows);
  const apart = unpackedIds(ids);
  return rows.map((stored: unknown, at): unknown => {
    if (!Array.isArray(stored)) return stored;
    const [index, erpField, crmField, oldValue, newValue, more = {}] = stored;
    const [side, rule, outcome] = whys[index] ?? [];
    return { id: apart[at], erpField, crmField, side, oldValue, newValue, rule, outcome, ...more };
  });
}

/** Earlier versions stored rows by name, or as lists with all that is theirs. */
function formerRows(rows: Item[string]): unknown {
  if (!Array.isArray(rows)) return rows;
  return rows.map((stored: unknown): unknown => {
    if (!Array.isArray(stored)) return stored;
    const [id, erpField, crmField, side, oldValue, newValue, rule, outcome, more = {}] = stored;
    return { id, erpField, crmField, side, oldValue, newValue, rule, outcome, ...more };
  });
}

function itemOf(first: FieldChange, changes: readonly FieldChange[], retentionDays: number): Item {
  const { tenantId, connectionId, linkId, id, runId, at, mappingVersion } = first;
  const { crmType, crmKey, crmName, actorType, erpKey, erpName } = first;
  const index = {
    gsi1pk: indexPartitions.changeOfConnection(tenantId, connectionId, linkId),
    gsi1sk: sortKeys.byTime(at, id),
    ...runIndex(first),
  };
  const key = keys.change(tenantId, linkId, at, id);
  const expiresAtMs = expiryAfter(at, retentionDays);
  // Tenant and link stand in the key.
  const pair = { crmType, crmKey, crmName, actorType, erpKey, erpName };
  const facts = { connectionId, runId, at, ...pair, mappingVersion };
  return storedItem({ type: 'changes', key, index, expiresAtMs }, { ...facts, ...rowsOf(changes) });
}

/** The items of changes that were made; written in their link's record transaction. Each is named after its first change. */
export function changeItems(changes: readonly FieldChange[], retentionDays: number): Item[] {
  const looks = [...Map.groupBy(changes, ({ runId, at }) => `${runId}|${at}`).values()];
  const packs = looks.flatMap((look) => packsOf(look, largestPartBytes));
  return packs.flatMap((pack) => (pack[0] ? [itemOf(pack[0], pack, retentionDays)] : []));
}

/** A change of a dry run, under a name that a repeat gives it again. */
export function plannedItem(change: FieldChange, retentionDays: number): Item {
  const { tenantId, linkId, runId, id, at } = change;
  const key = keys.plannedChange(tenantId, linkId, runId, id);
  const expiresAtMs = expiryAfter(at, retentionDays);
  return storedItem({ type: 'change', key, index: runIndex(change), expiresAtMs }, change);
}

function runIndex({ tenantId, runId, linkId, at, id }: FieldChange) {
  return { gsi2pk: indexPartitions.changeOfRun(tenantId, runId, linkId), gsi2sk: sortKeys.byTime(at, id) };
}

/** The changes in an item, newest first. */
export function changesIn(item: Item): FieldChange[] {
  if (item.type === 'change') return [readItem('change', FieldChange, item)];
  const [tenantId, , linkId] = keyParts(item.pk);
  const whole = { tenantId, linkId, ...item, rows: rowsRead(item) };
  const { rows, ...facts } = readItem('changes', LookChanges, item, () => whole);
  return rows.map((row) => ({ ...facts, ...row })).reverse();
}

/**
 * The item without the values of its changes and the names of its records; nothing where it is no item of the log, or has
 * none any more.
 */
export function erasedItem(item: Item): { readonly item: Item; readonly changes: number } | undefined {
  if ((item.type !== 'changes' && item.type !== 'change') || item.erased === true) return undefined;
  const changes = changesIn(item).map(withoutValues).reverse();
  const [first] = changes;
  const { crmName: _crm, erpName: _erp, ...nameless } = item;
  if (item.type === 'changes')
    return { item: { ...nameless, ...attributesOf(rowsOf(changes)), erased: true }, changes: changes.length };
  const { sentValue: _sent, conflict: _conflict, ...rest } = nameless;
  return { item: { ...rest, ...attributesOf(first ?? {}) }, changes: 1 };
}
