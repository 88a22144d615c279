import { createHash } from 'node:crypto';

interface PlainRecord {
  readonly key: string;
  readonly values: object;
}

/**
 * The plainest loop that does what a look at unchanged records cannot do without: takes the text of a page, parses it,
 * hashes each record's values and compares the hash with the one that is known. Answers how many records were other ones.
 */
export function floorPass(pages: readonly string[], known: Map<string, string>): number {
  let changed = 0;
  for (const page of pages) {
    const records: PlainRecord[] = JSON.parse(page);
    for (const { key, values } of records) {
      const hash = createHash('sha256').update(JSON.stringify(values)).digest('base64url');
      if (known.get(key) !== hash) changed += 1;
      known.set(key, hash);
    }
  }
  return changed;
}
