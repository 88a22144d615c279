import { beforeAll, expect, test } from 'vitest';
import type { Run } from '../../functions/core/model/run.ts';
import { type LinkedCompany, linkedCompany } from './linked-records.ts';
import { ended, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let company: LinkedCompany;

beforeAll(async () => {
  world = await openWorld();
  company = await linkedCompany(world, 'Stopped');
  await sync(world);
});

const turn = (running: boolean) => world.api.replace('/v1/engine', () => ({ running, defaultIntervalMinutes: 15 }));

const startAll = (force: boolean) =>
  world.api.post<Run>('/v1/sync-runs', { kind: 'sync', scope: { kind: 'all' }, force });

const phone = async () => (await world.crm.read('company', company.companyId)).phone;

test('a stopped engine is synced by force alone, all connections at once, and goes on once it is started', async () => {
  const { api, erp } = world;
  await turn(false);
  await erp.edit(company.partyId, { phone: '+31 20 700 0020' });
  await expect(startAll(false)).rejects.toThrow('409');
  const all = await ended(world, (await startAll(true)).id);
  expect(all).toMatchObject({
    state: 'done',
    counters: { writtenToCrm: 1 },
    children: [{ connectionId: world.connectionId }],
  });
  expect(await phone()).toBe('+31 20 700 0020');
  expect(await turn(true)).toMatchObject({ status: 'running' });
  await erp.edit(company.partyId, { phone: '+31 20 700 0021' });
  await sync(world);
  expect(await phone()).toBe('+31 20 700 0021');
  expect((await api.get<{ connections: object }>('/v1/engine')).connections).toMatchObject({ active: 1 });
});
