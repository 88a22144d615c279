import { expect, test } from 'vitest';
import { ratesStore } from '../../../functions/adapters/aws/dynamodb/set-up/rates.ts';
import { memoryTable } from '../../../functions/adapters/memory/memory-table.ts';
import { interactiveRunsPerMinute } from '../../../functions/core/timing/rate.ts';
import { triggerRun } from '../../../functions/features/runs/trigger-run.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

/** A connection with so many links, and two instances of the API that count together. */
async function linked(count: number) {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, count);
  const { json } = await connect(world, connectionId, ...Array.from({ length: count }, (_, at) => pair(at + 1)));
  await world.work();
  const linkIds: string[] = json.items.map((item: { linkId: string }) => item.linkId);
  const table = memoryTable();
  const none = { caller: 1, tenant: 1 };
  const limits = { requests: none, 'failed-sign-ins': none, 'interactive-runs': interactiveRunsPerMinute };
  const apps = [0, 1].map(() => ({ ...world.app, rates: ratesStore({ ...world.app, table, limits }) }));
  const start = (asked: { at?: number; caller?: string; linkIds?: string[] } = {}) => {
    const { at = 0, caller = 'k1', linkIds: named = linkIds.slice(0, 1) } = asked;
    const app = apps[at] ?? world.app;
    const scope = { kind: 'links', linkIds: named } as const;
    return triggerRun(
      app,
      { tenantId: world.tenantId, caller, role: 'service' },
      { kind: 'sync', scope, dryRun: false },
    );
  };
  return { world, linkIds, start };
}

test('up to twenty links are what a person waits for; more go to the normal lane in full', async () => {
  const { world, linkIds, start } = await linked(21);
  expect(await start({ linkIds: linkIds.slice(0, 20) })).toMatchObject({ lane: 'high', interactive: true });
  const many = await start({ linkIds });
  expect(many).toMatchObject({ lane: 'normal', interactive: false, state: 'running' });
  const sent = world.messages.filter((message) => message.kind === 'look' && message.runId === many.id);
  expect(sent).toMatchObject([{ lane: 'normal', interactive: false, linkIds }]);
});

test('ten runs of a minute are interactive for a caller, the others are normal work; the next minute begins anew', async () => {
  const { world, start } = await linked(1);
  const lanes: string[] = [];
  for (let n = 0; n < 15; n += 1) lanes.push((await start()).lane);
  expect(lanes).toEqual([...Array(10).fill('high'), ...Array(5).fill('normal')]);
  expect(await start({ caller: 'k2' })).toMatchObject({ lane: 'high', interactive: true });
  world.nowMs += 60_000;
  expect(await start()).toMatchObject({ lane: 'high', interactive: true });
});

test('two instances count interactive runs together, to a factor of two; those of a tenant end at a hundred', async () => {
  const { world, start } = await linked(1);
  const interactive = async (runs: number, caller: (n: number) => string) => {
    let count = 0;
    for (let n = 0; n < runs; n += 1) if ((await start({ at: n % 2, caller: caller(n) })).interactive) count += 1;
    return count;
  };
  const ofCaller = await interactive(40, () => 'k1');
  expect(ofCaller).toBeGreaterThanOrEqual(5);
  expect(ofCaller).toBeLessThanOrEqual(20);
  world.nowMs += 60_000;
  const ofTenant = await interactive(250, (n) => `k${n % 60}`);
  expect(ofTenant).toBeGreaterThanOrEqual(50);
  expect(ofTenant).toBeLessThanOrEqual(200);
});

test('what nobody waits for is not counted: a comparison of everything', async () => {
  const { world, start } = await linked(1);
  const taken: string[] = [];
  const rates = { take: async (kind: string) => void taken.push(kind), refusal: () => undefined };
  const caller = { tenantId: world.tenantId, caller: 'k1', role: 'service' } as const;
  const connectionId = (await start()).connectionId;
  const asked = { kind: 'compare', connectionId, scope: { kind: 'connection' }, dryRun: true } as const;
  await triggerRun({ ...world.app, rates }, caller, asked);
  expect(taken).toEqual([]);
});
