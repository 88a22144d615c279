import type { ActorTypeMapping } from '../../core/mapping/mapping.ts';
import type { ActorTypeRef } from '../../core/model/actor-type.ts';
import type { Run } from '../../core/model/run.ts';
import { startProposed } from '../../sync/runs/start-proposed.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { liveSetup, refuseMoved, refuseSuspended, typeOf } from '../systems/live-setup.ts';
import { bothLists } from './both-lists.ts';
import { refuseFaulty } from './field-mapping.ts';

/** What a mapping would write if it were saved: a dry run of the engine, whether the connection is active or not. */
export async function dryRunMapping(
  app: Application,
  caller: Caller,
  { connectionId, actorType }: Omit<ActorTypeRef, 'tenantId'>,
  mapping: ActorTypeMapping,
): Promise<Run> {
  const setup = await liveSetup(app, caller.tenantId, connectionId);
  const type = typeOf(setup, actorType);
  refuseSuspended(setup.connection);
  refuseSuspended(await refuseMoved(app, setup.connection));
  await refuseFaulty(type, mapping, bothLists(app, setup, undefined));
  return startProposed(app, { setup, caller: caller.caller, actorType, mapping });
}
