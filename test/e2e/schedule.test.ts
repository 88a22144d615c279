import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../functions/core/model/run.ts';
import { linkedCompany } from './linked-records.ts';
import { changesOf, ended, until } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld({ intervalMinutes: 1 });
});

// Its CRM ends with this file, and another test's may get the port.
afterAll(() => world.api.post(`/v1/connections/${world.connectionId}/deactivate`));

/** Without the compare run of the day, which the first poll of a day starts. */
async function syncRuns(): Promise<Run[]> {
  const runs = await world.api.all<Run>('/v1/sync-runs', { connectionId: world.connectionId });
  return runs.filter(({ kind }) => kind === 'sync');
}

test('a change arrives by the schedule alone', async () => {
  const { crm, erp } = world;
  const { partyId, companyId, linkId } = await linkedCompany(world, 'Scheduled');
  await erp.edit(partyId, { phone: '+31 20 700 0010' });
  await until('The change', async () =>
    (await crm.read('company', companyId)).phone === '+31 20 700 0010' ? true : undefined,
  );
  const change = await until('Its log', async () => (await changesOf(world, { linkId, field: 'PHONE' }))[0]);
  expect(await ended(world, change.runId)).toMatchObject({ state: 'done', trigger: { by: 'schedule' } });
});

test('a poll that finds nothing leaves no run, only its time', async () => {
  const { api, connectionId } = world;
  const polledAt = async () => {
    const { lastPolledAt } = await api.get<{ lastPolledAt?: string }>(`/v1/connections/${connectionId}/summary`);
    return lastPolledAt;
  };
  const [before, runsBefore] = [await polledAt(), (await syncRuns()).map(({ id }) => id)];
  await until('The next poll', async () => ((await polledAt()) !== before ? true : undefined));
  expect((await syncRuns()).map(({ id }) => id)).toEqual(runsBefore);
});
