import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { linkedCompanies } from './linked-records.ts';
import { changesOf, ended, startRun, sync, until } from './runs.ts';
import { functionProcesses, isConnectedTo } from './worker-processes.ts';
import { openWorld } from './world.ts';

/** Clients close a connection that they no longer use after a few seconds. */
const keptAliveMs = 6_000;

test('a worker process killed in the middle of a run loses no change and makes none twice', async () => {
  const world = await openWorld();
  const { crm, erp } = world;
  const companies = await linkedCompanies(world, 'Killed', 12);
  await sync(world);
  // Last changed so long ago that a stamp in whole seconds proves that nobody touched a record since it was read.
  await crm.setFaults({ lateCommitSeconds: 600 });
  for (const { companyId } of companies) await crm.edit('company', companyId, { description: 'Not mapped' });
  for (const { partyId } of companies) await erp.edit(partyId, { phone: '+31 20 700 0009' });
  await sleep(keptAliveMs);
  // The last record is never answered: however late this test sees the first writes, the worker is still in the middle.
  const silent = companies.at(-1)?.companyId;
  await crm.setFaults({
    slowMs: { patch: 1_000 },
    rules: [{ kind: 'patch', action: 'timeout-before', type: 'company', id: silent }],
  });
  const lastWrite = await crm.lastWrite();
  // Links that are named are one message, so that one process has all of them.
  const { id } = await startRun(world, { scope: { kind: 'links', linkIds: companies.map(({ linkId }) => linkId) } });
  await until('The first writes', async () => ((await crm.serviceWrites(lastWrite)).length > 0 ? true : undefined));

  const port = Number(new URL(world.crmUrl).port);
  const workers = functionProcesses('erp-sync-local-worker').filter((pid) => isConnectedTo(pid, port));
  expect(workers).toHaveLength(1);
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  const writtenBefore = (await crm.serviceWrites(lastWrite)).length;
  expect(writtenBefore).toBeLessThan(companies.length);
  await crm.setFaults({});

  const run = await ended(world, id);
  expect(run).toMatchObject({ state: 'done', counters: { changed: 12, writtenToCrm: 12, conflicts: 0, failed: 0 } });
  for (const { companyId } of companies) {
    expect(await crm.read('company', companyId)).toMatchObject({ phone: '+31 20 700 0009' });
  }
  const writes = (await crm.serviceWrites(lastWrite)).map((write) => write.id);
  expect(writes.sort()).toEqual(companies.map(({ companyId }) => companyId).sort());
  const logged = await changesOf(world, { runId: id });
  expect(logged.map(({ linkId }) => linkId).sort()).toEqual(companies.map(({ linkId }) => linkId).sort());
  expect(logged.some(({ outcome }) => outcome === 'settled')).toBe(true);
});
