import type { SetUpChange } from '../model/audit.ts';
import { fingerprint } from '../values/fingerprint.ts';

type Parts = Readonly<Record<string, unknown>>;

/** Its own: a part may be named like one that every object inherits. */
function partOf(whole: Parts | undefined, name: string): unknown {
  return whole && Object.hasOwn(whole, name) ? whole[name] : undefined;
}

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What differs between two states of a thing, by path (`config.user`). Objects are followed as deep as `depth`; what lies
 * deeper is one value, and so is a list. Nothing before: all of it is new; nothing after: all of it is gone.
 */
export function changesBetween(before: Parts | undefined, after: Parts | undefined, depth = 2, at = ''): SetUpChange[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  return names.flatMap((name) => {
    const [old, now] = [partOf(before, name), partOf(after, name)];
    const path = `${at}${name}`;
    const inside =
      depth > 1 && [old, now].some(isParts) && [old, now].every((one) => one === undefined || isParts(one));
    if (inside)
      return changesBetween(isParts(old) ? old : undefined, isParts(now) ? now : undefined, depth - 1, `${path}.`);
    return fingerprint(old ?? null) === fingerprint(now ?? null) ? [] : [{ path, old, new: now }];
  });
}
