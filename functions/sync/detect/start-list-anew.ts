/**
 * A list whose cursor its system no longer accepts, or whose server's clock stands before it for good. Always true: the list goes on from before everything is compared, so an
 * edit is found by one or the other. A crash before the cursor is stored starts both again; comparing twice changes nothing.
 * Attacked by test/sync/lists.test.ts.
 */

import type { Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import type { OpenEnds } from '../open-ends.ts';
import { parseChain } from '../runs/chains.ts';
import { startRun } from '../runs/start-run.ts';

export async function startListAnew(engine: Engine, run: Run, context: OpenEnds, name: string): Promise<void> {
  const chain = parseChain(name);
  if (chain.kind !== 'changes') return;
  const { tenantId, connectionId } = run;
  const of = { tenantId, connectionId, side: chain.side, table: chain.table };
  const stored = await engine.cursors.get(of);
  const cursor = await context[chain.side].start(chain.table);
  const scope = { kind: 'connection' } as const;
  const trigger = { by: 'upkeep' } as const;
  await startRun(engine, { tenantId, connectionId, kind: 'compare', scope, trigger, forced: run.forced });
  await engine.cursors.store(of, cursor, stored?.revision ?? 0);
}
