import type { Value } from '../../../../core/values/value.ts';
import type { RecordWrite } from '../../../../ports/record-system.ts';
import { fieldsOf } from '../fields/fields-of.ts';
import { listOf } from '../fields/lists.ts';
import { itemId } from '../fields/party-items.ts';
import type { Models } from '../wire/models.ts';

/** Whether a value is of a list and names no item of it. */
export type NoItem = (field: string, value: Value | undefined) => boolean;

/**
 * Tryton's database stores a reference to nothing, and every read of the record fails from then on: items that are to be
 * written are looked for first, in one call a list, and none where no list field is written.
 */
export async function missingItems(models: Models, type: string, writes: readonly RecordWrite[]): Promise<NoItem> {
  const missing = new Set<string>();
  const fields = fieldsOf(type).filter(({ listName }) => listName !== undefined);
  for (const { key, listName = '' } of fields) {
    const values = writes.flatMap(({ values: sent }) => (typeof sent[key] === 'string' ? [sent[key]] : []));
    const ids = new Set(values.filter((value) => /^\d{1,9}$/.test(value)).map((value) => itemId(key, value)));
    const list = listOf(listName);
    if (ids.size === 0 || !list) continue;
    const found = new Set(await models.search(list.model, [['id', 'in', [...ids]]]));
    for (const id of ids) if (id !== null && !found.has(id)) missing.add(`${key} ${id}`);
  }
  return (field, value) => missing.has(`${field} ${value}`);
}
