import { expect, test } from 'vitest';
import { failuresStore } from '../../functions/adapters/aws/dynamodb/links/failures.ts';
import { brakesStore } from '../../functions/adapters/aws/dynamodb/runs/brakes.ts';
import { runsStore } from '../../functions/adapters/aws/dynamodb/runs/runs.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import type { Brake } from '../../functions/core/model/brake.ts';
import { brakeFailureId, failureOf } from '../../functions/core/model/failure.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aConnection, aConnector, aRun, at, newId } from './stores-fixtures.ts';

const retentionDays = async () => 30;
const runtime = { now: () => at, nowMs: () => Date.parse(at) };

export function brakesSuite(on: string, tableOf: () => Table): void {
  const stores = () => {
    const table = tableOf();
    return {
      brakes: brakesStore({ table, runtime, retentionDays }),
      runs: runsStore({ table, runtime, retentionDays }),
      connections: connectionsStore({ table }),
      connectors: connectorsStore({ table }),
      failures: failuresStore({ table }),
    };
  };

  /** A connection and a run of it that is complete. */
  async function prepared() {
    const all = stores();
    const tenantId = newId();
    const connector = aConnector(tenantId);
    await all.connectors.create(connector);
    const connection = aConnection(connector);
    await all.connections.create(connection, []);
    const run = aRun({ tenantId, connectionId: connection.id, chains: {} });
    await all.runs.create(run, []);
    const brake: Brake = {
      tenantId,
      connectionId: connection.id,
      kind: 'blanks',
      runId: run.id,
      at,
      withheld: 12,
      examples: [{ linkId: 'l1', fields: ['PHONE~phone'], reason: 'allowance' }],
      revision: 0,
    };
    const failure = failureOf({
      tenantId,
      id: brakeFailureId(connection.id, 'blanks'),
      connectionId: connection.id,
      kind: 'rejected',
      reason: 'braked-blanks',
      at,
    });
    const stop = { run, at, reason: 'blanks' as const, brakes: [{ brake, failure }] };
    const standing = async () => (await all.connections.getSetup(tenantId, connection.id))?.brakes ?? [];
    return { ...all, tenantId, run, brake, failure, stop, standing };
  }

  test(`of links that take at once only as many take as the limit allows, and each once (${on})`, async () => {
    const { brakes } = stores();
    const purse = { tenantId: newId(), connectionId: 'c1', kind: 'blanks', of: '2026-11-23' } as const;
    const links = ['a', 'b', 'c', 'd', 'e', 'a', 'b'];
    const taken = await Promise.all(links.map((link) => brakes.take(purse, link, 3)));
    const takers = new Set(links.filter((_, position) => taken[position]));
    expect(takers.size).toBe(3);
    for (const link of ['a', 'b', 'c', 'd', 'e']) {
      expect(await brakes.take(purse, link, 3)).toBe(takers.has(link));
    }
    expect(await brakes.take({ ...purse, of: '2026-11-24' }, 'f', 3)).toBe(true);
    expect(await brakes.take({ ...purse, kind: 'breaks' }, 'f', 0)).toBe(false);
  });

  test(`a brake that is set at once stands with its failure, and is changed only as it was read (${on})`, async () => {
    const { brakes, failures, tenantId, brake, failure, standing } = await prepared();
    const refused = [{ side: 'erp', actorType: 'customer', field: 'PHONE~phone' }] as const;
    const early: Brake = { ...brake, kind: 'refusals', withheld: 0, examples: [], refused: [...refused] };
    expect(await brakes.set(early, failure)).toBe(true);
    expect(await standing()).toEqual([{ ...early, revision: 1 }]);
    expect(await failures.get(tenantId, failure.id)).toEqual(failure);
    expect(await brakes.set(early, failure)).toBe(false);
    expect(await brakes.set({ ...early, revision: 1, withheld: 3 }, failure)).toBe(true);
    expect(await standing()).toMatchObject([{ withheld: 3, revision: 2 }]);
  });

  test(`a run ends by a brake together with the brake and its failure (${on})`, async () => {
    const { brakes, runs, failures, tenantId, run, brake, failure, stop, standing } = await prepared();
    expect(await brakes.stop(stop)).toBe(true);
    expect(await runs.get(tenantId, run.id)).toMatchObject({
      state: 'stopped-by-brake',
      reason: 'blanks' as const,
      endedAt: at,
    });
    expect(await standing()).toEqual([{ ...brake, revision: 1 }]);
    expect(await failures.get(tenantId, failure.id)).toEqual(failure);
  });

  test(`a run that is not complete, or a brake that is not as it was read, stops nothing (${on})`, async () => {
    const { brakes, runs, tenantId, run, brake, failure, stop, standing } = await prepared();
    const busy = aRun({ tenantId, connectionId: run.connectionId, chains: { due: { page: 0 } } });
    await runs.create(busy, []);
    expect(await brakes.stop({ ...stop, run: busy })).toBe(false);
    expect(await standing()).toEqual([]);
    expect(await brakes.stop({ ...stop, brakes: [{ brake: { ...brake, revision: 7 }, failure }] })).toBe(false);
    expect(await runs.get(tenantId, run.id)).toMatchObject({ state: 'running' });
  });

  test(`an answer is stored with its run, once, and a brake is lifted as it was read, with its failure (${on})`, async () => {
    const { brakes, runs, failures, tenantId, run, brake, failure, stop, standing } = await prepared();
    await brakes.stop(stop);
    const [stood = brake] = await standing();
    const answering = aRun({ tenantId, connectionId: run.connectionId, trigger: { by: 'brake' } });
    const answer = { kind: 'continue', runId: answering.id, at, caller: 'key1', limit: 22 } as const;
    expect(await brakes.answer([{ ...stood, answer }], answering)).toBe(true);
    const second = aRun({ tenantId, connectionId: run.connectionId });
    expect(await brakes.answer([{ ...stood, answer: { ...answer, runId: second.id } }], second)).toBe(false);
    expect(await runs.get(tenantId, second.id)).toBeUndefined();
    expect(await standing()).toEqual([{ ...stood, answer, revision: 2 }]);
    expect(await brakes.lift(stood)).toBe(false);
    expect(await failures.get(tenantId, failure.id)).toEqual(failure);
    const [answered = brake] = await standing();
    expect(await brakes.lift(answered)).toBe(true);
    expect(await standing()).toEqual([]);
    expect(await failures.get(tenantId, failure.id)).toBeUndefined();
  });
}
