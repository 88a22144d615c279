/**
 * Read and write units of DynamoDB on demand, from item sizes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html,
 * indexes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
import { itemBytes } from '../functions/adapters/memory/item-bytes.ts';
import type { Item } from '../functions/ports/table.ts';

const readUnitBytes = 4096;
const writeUnitBytes = 1024;
const indexes = ['gsi1', 'gsi2', 'gsi3'];

/** An item as it was and as it is; nothing where there was, or is, none. */
export interface Replacement {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Of one read by key; one that finds nothing costs the least there is. */
export function readUnits(item: Item | undefined): number {
  return blocks(item ? itemBytes(item) : 0, readUnitBytes);
}

/** Of one page of a query, its items summed before rounding; an index is read eventually, for half. */
export function queryUnits(items: readonly Item[], isIndex: boolean): number {
  const bytes = items.reduce((all, item) => all + itemBytes(item), 0);
  return blocks(bytes, readUnitBytes) * (isIndex ? 0.5 : 1);
}

/** Of one write to the table itself: the larger of both sizes counts, a transaction writes twice. */
export function writeUnits({ before, after }: Replacement, isTransaction: boolean): number {
  const bytes = Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0);
  return blocks(bytes, writeUnitBytes) * (isTransaction ? 2 : 1);
}

/**
 * Of what one write does to the indexes, which hold keys only: an entry appears, vanishes, or moves (both); one whose keys
 * stay is not written. Indexes follow by themselves, also after a transaction.
 */
export function indexWriteUnits({ before, after }: Replacement): number {
  return indexes.reduce((units, index) => {
    const [old, now] = [entryIn(index, before), entryIn(index, after)];
    const stays = old && now && old[`${index}pk`] === now[`${index}pk`] && old[`${index}sk`] === now[`${index}sk`];
    return stays ? units : units + entryUnits(old) + entryUnits(now);
  }, 0);
}

function entryUnits(entry: Item | undefined): number {
  return entry ? blocks(itemBytes(entry), writeUnitBytes) : 0;
}

function entryIn(index: string, item: Item | undefined): Item | undefined {
  const [pk, sk] = [item?.[`${index}pk`], item?.[`${index}sk`]];
  if (!item || pk === undefined || sk === undefined) return undefined;
  return { pk: item.pk, sk: item.sk, [`${index}pk`]: pk, [`${index}sk`]: sk };
}

function blocks(bytes: number, size: number): number {
  return Math.max(1, Math.ceil(bytes / size));
}
