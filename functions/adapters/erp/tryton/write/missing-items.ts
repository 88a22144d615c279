import type { Value } from '../../../../core/values/value.ts';
import type { RecordWrite } from '../../../../ports/record-system.ts';
import { fieldsOf } from '../fields/fields-of.ts';
import { listOf } from '../fields/lists.ts';
import { itemId } from '../fields/party-items.ts';
import type { Models } from '../wire/models.ts';

/** Whether a value is of a list and names no item of it. */
export type NoItem = (field: string, value: Value | undefined) => boolean;

async function leftOut(models: Models, model: string, ids: readonly number[]): Promise<number[]> {
  const found = new Set(await models.search(model, [['id', 'in', ids]]));
  return ids.filter((id) => !found.has(id));
}

async function leftOutTwice(models: Models, model: string, ids: readonly number[]): Promise<readonly number[]> {
  let before = await leftOut(models, model, ids);
  while (before.length > 0) {
    const after = await leftOut(models, model, before);
    if (after.length === before.length) return after;
    before = after;
  }
  return before;
}

/**
 * Tryton's database stores a reference to nothing, and every read of the record fails from then on: items that are to be
 * written are looked for first, in one call a list, and none where no list field is written. What an answer left out is asked
 * for until it is left out twice over: servers cap answers, and a field that is refused stays so until its value changes.
 */
export async function missingItems(models: Models, type: string, writes: readonly RecordWrite[]): Promise<NoItem> {
  const missing = new Set<string>();
  const fields = fieldsOf(type).filter(({ listName }) => listName !== undefined);
  for (const { key, listName = '' } of fields) {
    const values = writes.flatMap(({ values: sent }) => (typeof sent[key] === 'string' ? [sent[key]] : []));
    const ids = new Set(values.filter((value) => /^\d{1,9}$/.test(value)).map((value) => itemId(key, value)));
    const list = listOf(listName);
    if (ids.size === 0 || !list) continue;
    const asked = [...ids].filter((id) => id !== null);
    for (const id of await leftOutTwice(models, list.model, asked)) missing.add(`${key} ${id}`);
  }
  return (field, value) => missing.has(`${field} ${value}`);
}
