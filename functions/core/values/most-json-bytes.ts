/**
 * No fewer bytes than the content has as JSON, told without writing it out: each unit of a text takes six at most, escaped.
 * What fits by this fits; of anything else the bytes are to be counted. Sets count as lists.
 */
export function mostJsonBytes(content: unknown): number {
  if (typeof content === 'string') return 6 * content.length + 3;
  if (typeof content !== 'object' || content === null) return 26;
  let sum = 2;
  if (Array.isArray(content) || content instanceof Set) {
    for (const part of content) sum += 1 + mostJsonBytes(part);
    return sum;
  }
  const parts = content as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(parts)) sum += 6 * name.length + 4 + mostJsonBytes(parts[name]);
  return sum;
}
