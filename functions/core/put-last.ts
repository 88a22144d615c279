/** Puts an entry behind all others of a map that is kept in memory, and takes away the foremost beyond `most`. */
export function putLast<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const foremost of map.keys()) {
    if (map.size <= most) break;
    map.delete(foremost);
  }
}
