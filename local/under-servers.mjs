import { servesHere } from './leftovers.mjs';

/**
 * Why what servers of this checkout run on is not to be replaced now, in a sentence; nothing where none run.
 * @param {string} packages
 * @param {string} [checkout]
 */
export function underServers(packages, checkout) {
  const holder = servesHere(checkout);
  if (holder === undefined) return '';
  return `This version needs other ${packages}, and process ${holder} has servers running on those of before: stop it first (Ctrl-C where it was started, or kill ${holder}).`;
}
