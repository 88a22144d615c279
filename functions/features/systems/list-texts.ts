import { asSyncError } from '../../core/errors.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import { itemText } from '../../core/values/several-items.ts';
import { isBlank, type Value } from '../../core/values/value.ts';
import type { RecordSystem } from '../../ports/record-system.ts';

/** Texts are a help: a list that our user may not read has none. */
async function textsOf(system: RecordSystem, list: string, language?: string): Promise<ReadonlyMap<string, string>> {
  try {
    const items = await system.listItems(list, language);
    return new Map(items.map((item) => [item.key, item.text]));
  } catch (error) {
    const { kind } = asSyncError(error);
    if (kind === 'forbidden' || kind === 'misconfigured') return new Map();
    throw error;
  }
}

/** Display texts of list items, by list and key, in a language where the system has it; lists that the fields do not use are not read. */
export async function listTexts(
  system: RecordSystem,
  fields: readonly FieldMetadata[],
  language?: string,
): Promise<(field: FieldMetadata, value: Value) => string | undefined> {
  const names = [...new Set(fields.flatMap((field) => (field.type === 'list' && field.listName) || []))];
  const texts = new Map(
    await Promise.all(names.map(async (name) => [name, await textsOf(system, name, language)] as const)),
  );
  return ({ listName }, value) => {
    const ofList = listName === undefined || isBlank(value) ? undefined : texts.get(listName);
    return ofList && itemText(ofList, String(value));
  };
}
