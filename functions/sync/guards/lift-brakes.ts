/**
 * Always true: a brake is lifted only while no link of its connection has an act of its kind withheld, and as it was read.
 * One transaction with its failure; a crash before it leaves the brake to the next run that ends. Attacked by
 * test/sync/brake.test.ts.
 */
import type { Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import { withheldLinks } from './stop-by-brake.ts';

/** After a run that has looked at all that was due. */
export async function liftBrakes(engine: Engine, { tenantId, connectionId, kind, scope, dryRun }: Run): Promise<void> {
  if (dryRun || kind !== 'sync' || scope.kind !== 'connection') return;
  const setup = await engine.connections.getSetup(tenantId, connectionId);
  if (!setup || setup.brakes.length === 0) return;
  const counts = await engine.connections.summary(tenantId, connectionId);
  for (const brake of setup.brakes) {
    if (withheldLinks(counts, brake.kind) === 0) await engine.brakes.lift(brake);
  }
}
