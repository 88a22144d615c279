import type { FieldMetadata } from '../../core/model/field.ts';
import { isBlank, type Value } from '../../core/values/value.ts';
import type { RecordSystem } from '../../ports/record-system.ts';

/** Display texts of list items, by list and key; lists that the fields do not use are not read. */
export async function listTexts(
  system: RecordSystem,
  fields: readonly FieldMetadata[],
): Promise<(field: FieldMetadata, value: Value) => string | undefined> {
  const names = new Set(fields.flatMap((field) => (field.type === 'list' && field.listName) || []));
  const texts = new Map<string, ReadonlyMap<string, string>>();
  for (const name of names) {
    const items = await system.listItems(name);
    texts.set(name, new Map(items.map((item) => [item.key, item.text])));
  }
  return (field, value) =>
    field.listName !== undefined && !isBlank(value) ? texts.get(field.listName)?.get(String(value)) : undefined;
}
