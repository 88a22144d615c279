import type { Brake } from '../../functions/core/model/brake.ts';
import { answerBrake } from '../../functions/features/runs/answer-brake.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';

/** Those that stand. */
export async function brakesOf(world: World): Promise<readonly Brake[]> {
  return (await world.quiet.connections.getSetup(tenantId, connectionId))?.brakes ?? [];
}

/** A person's answer to the run that a brake has stopped. */
export async function answerAll(world: World, answer: 'continue' | 'drop') {
  const [brake] = await brakesOf(world);
  const run = await answerBrake(world.quiet, { tenantId, caller: 'key1', runId: brake?.runId ?? '', answer });
  await world.drain();
  return run;
}

export async function setAllowances(world: World, links: number): Promise<void> {
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  const one = { links, share: 0 };
  const allowances = { blanks: one, breaks: one, uniform: one, swaps: one, refusals: one };
  if (connection) await world.quiet.connections.replace({ ...connection, allowances });
}
