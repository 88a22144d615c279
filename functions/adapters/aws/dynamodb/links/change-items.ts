/**
 * The stored form of the log. Always true: all changes of one look are one item, in parts of at most 60 KB where they are
 * more, so that the record of a look with many large values fits into its transaction; a change that an earlier version, or
 * a dry run, stored as an item of its own reads the same. Nothing is written here, so a crash leaves nothing. Attacked by
 * test/contract/stores-log-suite.ts and test/contract/stores-sizes-suite.ts.
 */
import * as z from 'zod';
import { FieldChange } from '../../../../core/model/field-change.ts';
import { packsOf } from '../../../../core/packs.ts';
import type { Item } from '../../../../ports/table.ts';
import { expiryAfter } from '../set-up/retention.ts';
import { indexPartitions, keys, sortKeys } from '../table/keys.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

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
  actorType: true,
  erpKey: true,
} as const;
const LookFacts = FieldChange.pick(common);
const Row = FieldChange.omit(common);
const LookChanges = LookFacts.extend({ rows: z.array(z.preprocess(rowRead, Row)) });

/** The change without what its look's changes have in common, as a list: what few rows have comes last. */
function rowOf({ id, erpField, crmField, side, oldValue, newValue, rule, outcome, sentValue, conflict }: FieldChange) {
  const more = sentValue === undefined && conflict === undefined ? [] : [{ sentValue, conflict }];
  return [id, erpField, crmField, side, oldValue, newValue, rule, outcome, ...more];
}

/** An earlier version stored rows by name. */
function rowRead(stored: unknown): unknown {
  if (!Array.isArray(stored)) return stored;
  const [id, erpField, crmField, side, oldValue, newValue, rule, outcome, more = {}] = stored;
  return { id, erpField, crmField, side, oldValue, newValue, rule, outcome, ...more };
}

function itemOf(first: FieldChange, changes: readonly FieldChange[], retentionDays: number): Item {
  const { tenantId, connectionId, linkId, at, id } = first;
  const index = {
    gsi1pk: indexPartitions.changeOfConnection(tenantId, connectionId, linkId),
    gsi1sk: sortKeys.byTime(at, id),
    ...runIndex(first),
  };
  const key = keys.change(tenantId, linkId, at, id);
  const rows = changes.map(rowOf);
  const expiresAtMs = expiryAfter(at, retentionDays);
  return storedItem({ type: 'changes', key, index, expiresAtMs }, { ...LookFacts.parse(first), rows });
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
  const { rows, ...facts } = readItem('changes', LookChanges, item);
  return rows.map((row) => ({ ...facts, ...row })).reverse();
}
