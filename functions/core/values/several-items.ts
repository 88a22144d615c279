/**
 * A field of one list item whose record has several: they are told together, as a value that is no item of the list. It is
 * mapped to nothing, and never taken for one of them; people read the texts of all.
 */
const between = '+';

export function severalItems(keys: readonly (string | number)[]): string {
  return keys.join(between);
}

/** The text of an item, and of several those of all; nothing where one has none. */
export function itemText(texts: ReadonlyMap<string, string>, item: string): string | undefined {
  const own = texts.get(item);
  if (own !== undefined || !item.includes(between)) return own;
  const parts = item.split(between).flatMap((key) => texts.get(key) ?? []);
  return parts.length === item.split(between).length ? parts.join(` ${between} `) : undefined;
}
