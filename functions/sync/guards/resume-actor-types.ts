/**
 * Takes actor types up again that were set aside. Always true: the failure closes before the type is at work again, so a
 * crash leaves no open failure of a type that works; the next try makes the rest good. Attacked by
 * test/sync/actor-types.test.ts.
 */
import type { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import { actorTypeFailureId } from '../../core/model/failure.ts';
import type { Trail } from '../../ports/audit.ts';
import type { Engine } from '../engine.ts';

/** Somebody who changes a type meanwhile leaves it as it is: the next try takes it up. */
export async function resumeActorTypes(
  engine: Pick<Engine, 'connections' | 'failures'>,
  types: readonly ActorTypeSetup[],
  /** Where somebody asked for it. */
  trailOn?: (type: ActorTypeSetup) => Trail,
): Promise<void> {
  for (const type of types) {
    if (!type.suspended) continue;
    await engine.failures.close(type.tenantId, actorTypeFailureId(type.connectionId, type.actorType));
    await engine.connections.noteActorType(type, { suspended: undefined }, trailOn?.(type));
  }
}
