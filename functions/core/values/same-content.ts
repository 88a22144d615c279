function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether two JSON-like contents have the same fingerprint, told without making one: an absent part is like an undefined one. */
export function sameContent(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isObject(one) || !isObject(other)) return (one ?? null) === (other ?? null);
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((part, at) => sameContent(part, other[at]));
  }
  // Own parts alone: a key may be named like one that every object inherits.
  const partOf = (whole: Readonly<Record<string, unknown>>, key: string) =>
    Object.hasOwn(whole, key) ? whole[key] : undefined;
  for (const key of Object.keys(one)) {
    const [part, same] = [one[key], partOf(other, key)];
    if (part === undefined ? same !== undefined : same === undefined || !sameContent(part, same)) return false;
  }
  return Object.keys(other).every((key) => other[key] === undefined || partOf(one, key) !== undefined);
}
