/**
 * What the queue's receive count decides; it counts crashes and defects only, for planned waits are new messages.
 * The engine's own answers come before the dead-letter queue. Plain values without imports: the engine
 * and the queues of `lib/` read the same ones.
 */

/** From this receive on a chunk is cut into single links, so that one poisoned record stops nobody else … */
export const splitAtReceive = 3;
/** … and a single link's next receive becomes an open failure. */
export const failAtReceive = 4;
/** From this receive on a page of a chain that only fails becomes an open failure instead of another delivery. */
export const failPageAtReceive = 3;
/** What was received so often and still fails is beyond the engine: it goes to the dead-letter queue. */
export const maxReceives = 5;

/** A message stays invisible for so many timeouts of its function, as AWS advises for event sources. */
const timeoutsInvisible = 6;

export function visibilitySeconds(workerTimeoutSeconds: number): number {
  return timeoutsInvisible * workerTimeoutSeconds;
}
