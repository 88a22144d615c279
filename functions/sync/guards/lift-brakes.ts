/**
 * Always true: a brake is lifted only while no link of its connection has an act of its kind withheld, and as it was read.
 * What is withheld is due until a look has found otherwise, so nothing that was due is left out. One transaction with its
 * failure; a crash before it leaves the brake to the next run that ends, or to the dispatcher. Attacked by
 * test/sync/brake.test.ts and test/property/brake.test.ts.
 */
import type { Brake } from '../../core/model/brake.ts';
import type { Engine } from '../engine.ts';
import { withheldLinks } from './stop-by-brake.ts';

/** Those of a connection that stand; at the end of a run, and where people may have taken away what was withheld. */
export async function liftBrakes(engine: Engine, brakes: readonly Brake[]): Promise<void> {
  const [first] = brakes;
  if (!first) return;
  const counts = await engine.connections.summary(first.tenantId, first.connectionId);
  for (const brake of brakes) {
    if (withheldLinks(counts, brake.kind) === 0) await engine.brakes.lift(brake);
  }
}
