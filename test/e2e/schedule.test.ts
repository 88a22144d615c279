import { expect, test } from 'vitest';
import type { Run } from '../../functions/core/run.ts';
import { linkedCompany } from './linked-records.ts';
import { changesOf, until } from './runs.ts';
import { openWorld } from './world.ts';

test('a change arrives by the schedule alone, and an idle poll leaves no run', async () => {
  const world = await openWorld({ intervalMinutes: 1 });
  const { api, crm, erp, connectionId } = world;
  const { partyId, companyId, linkId } = await linkedCompany(world, 'Scheduled');
  await erp.edit(partyId, { phone: '+31 20 700 00 10' });
  await until('The change', async () =>
    (await crm.read('company', companyId)).phone === '+31 20 700 00 10' ? true : undefined,
  );
  const [change] = await until('Its log', async () => {
    const changes = await changesOf(world, { linkId, field: 'PHONE' });
    return changes.length > 0 ? changes : undefined;
  });
  const runs = await api.all<Run>('/v1/sync-runs', { connectionId });
  expect(runs.find(({ id }) => id === change?.runId)).toMatchObject({ trigger: { by: 'schedule' } });

  const summary = () => api.get<{ lastPolledAt?: string }>(`/v1/connections/${connectionId}/summary`);
  const before = (await summary()).lastPolledAt;
  await until('The next poll', async () => ((await summary()).lastPolledAt !== before ? true : undefined));
  expect((await api.all<Run>('/v1/sync-runs', { connectionId })).map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
}, 300_000);
