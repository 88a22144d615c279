import { expect, test } from 'vitest';
import { functionLog } from './function-logs.ts';
import { connect, customerPair, twoCompanies } from './linked-records.ts';
import { ended, linkOf, runOf, until } from './runs.ts';
import { takeAway } from './worker-grant.ts';
import { openWorld } from './world.ts';

test('a worker without its grant to read the credentials is refused and does nothing, and goes on once it has it again', async () => {
  const world = await openWorld();
  const { system, tenantId, crm, proxy } = world;
  const company = await twoCompanies(world, 'Least privilege', { phone: '+31 20 700 0013' });
  const lastWrite = await crm.lastWrite();
  const giveBack = await takeAway(system, `erp-sync/local/${tenantId}/*`);
  const { runId, items } = await connect(world, [customerPair(company)]);
  const linkId = items[0]?.linkId ?? '';
  proxy.methods();
  await until('The refusal', async () => {
    const log = await functionLog(system.awsEndpoint, 'worker');
    return log.find((line) => line.includes('message-failed') && line.includes('AccessDeniedException'));
  });
  expect(await runOf(world, runId)).toMatchObject({ state: 'running', counters: { lookedAt: 0, writtenToErp: 0 } });
  expect(await linkOf(world, linkId)).toMatchObject({ state: 'pending' });
  expect(proxy.methods()).toEqual([]);
  expect(await crm.serviceWrites(lastWrite)).toEqual([]);

  await giveBack();
  expect(await ended(world, runId)).toMatchObject({ state: 'done', counters: { lookedAt: 1, failed: 0 } });
  expect(await linkOf(world, linkId)).toMatchObject({ state: 'active' });
  expect(await world.erp.party(company.partyId)).toMatchObject({ phone: '+31 20 700 0013' });
});
