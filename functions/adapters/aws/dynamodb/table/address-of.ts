import type { Key } from '../../../../ports/table.ts';

/** A key as one text, by which items are told apart; no part of a key holds a line break. */
export function addressOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}

/** Of several with one key the last. */
export function distinct<T extends Key>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [addressOf(one), one])).values()];
}
