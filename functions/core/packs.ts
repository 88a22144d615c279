import { bytesOf } from './values/bytes-of.ts';
import { mostJsonBytes } from './values/most-json-bytes.ts';

/** Cuts things into packs of at most so many bytes each, as JSON; one that is larger alone has a pack of its own. */
export function packsOf<T>(things: readonly T[], mostBytes: number): T[][] {
  if (things.length > 0 && mostJsonBytes(things) <= mostBytes) return [[...things]];
  const packs: T[][] = [];
  let left = 0;
  for (const thing of things) {
    const bytes = bytesOf(JSON.stringify(thing));
    const pack = packs.at(-1);
    if (pack && bytes <= left) pack.push(thing);
    else packs.push([thing]);
    left = (pack && bytes <= left ? left : mostBytes) - bytes;
  }
  return packs;
}
