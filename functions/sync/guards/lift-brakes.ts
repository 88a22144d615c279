/**
 * Always true: where nobody has taken what it speaks of (ration-refusals.ts), a brake is lifted only while no link of its connection has an act of its kind withheld, and as it was read.
 * What is withheld is due until a look has found otherwise, so nothing that was due is left out. One transaction with its
 * failure; a crash before it leaves the brake to the next run that ends, or to the dispatcher. Attacked by
 * test/sync/brake.test.ts and test/property/brake.test.ts.
 */
import type { Brake } from '../../core/model/brake.ts';
import type { Engine } from '../engine.ts';
import { withheldLinks } from './stop-by-brake.ts';

/**
 * Nothing withheld is not enough for the brake on refusals: it is set before anything is, for those that come. Once it was
 * answered, or its day is over, it is tried again by whoever writes.
 */
function isOver({ kind, at, answer }: Brake, withheld: number, today: string): boolean {
  if (withheld > 0) return false;
  return kind !== 'refusals' || answer !== undefined || at.slice(0, 10) !== today;
}

/** Those of a connection that stand; at the end of a run, and where people may have taken away what was withheld. */
export async function liftBrakes(engine: Engine, brakes: readonly Brake[]): Promise<void> {
  const [first] = brakes;
  if (!first) return;
  const counts = await engine.connections.summary(first.tenantId, first.connectionId);
  const today = engine.runtime.now().slice(0, 10);
  for (const brake of brakes) {
    if (isOver(brake, withheldLinks(counts, brake.kind), today)) await engine.brakes.lift(brake);
  }
}
