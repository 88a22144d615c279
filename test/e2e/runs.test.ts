import { beforeAll, expect, test } from 'vitest';
import type { Failure } from '../../functions/core/model/failure.ts';
import type { FieldChange } from '../../functions/core/model/field-change.ts';
import { type LinkedCompany, linkedCompanies, linkedCompany } from './linked-records.ts';
import { ended, linkOf, runOf, startRun, sync, until } from './runs.ts';
import { withoutWrites } from './untouched.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

test('when nothing changed neither a sync nor a compare run writes anything on either side', async () => {
  const companies = await linkedCompanies(world, 'Quiet', 5);
  await sync(world);
  const runs = await withoutWrites(world, companies, async () => [
    await sync(world),
    await sync(world, { kind: 'compare' }),
    await sync(world, { scope: { kind: 'links', linkIds: companies.map(({ linkId }) => linkId) } }),
  ]);
  for (const run of runs) {
    expect(run).toMatchObject({ state: 'done', counters: { changed: 0, writtenToCrm: 0, writtenToErp: 0 } });
  }
  expect(runs[2]?.counters.lookedAt).toBe(5);
});

test('a dry run writes nothing and predicts exactly the writes that follow', async () => {
  const [one, two, three] = await linkedCompanies(world, 'Predicted', 3);
  if (!one || !two || !three) throw new Error('Three companies were linked');
  await world.erp.edit(one.partyId, { phone: '+31 20 700 0003', city: 'Zwolle' });
  await world.crm.edit('company', two.companyId, { email: 'info@after.example' });
  await world.erp.edit(three.partyId, { website: 'https://erp.example' });
  await world.crm.edit('company', three.companyId, { url: 'https://crm.example' });

  const dry = await withoutWrites(world, [one, two, three], () => sync(world, { dryRun: true }));
  expect(dry).toMatchObject({ state: 'done', dryRun: true });
  const planned = await changesOfRun(dry.id);
  expect(planned.map(({ outcome }) => outcome)).toEqual(Array(5).fill('planned'));
  const expected = { changed: 3, writtenToCrm: 3, writtenToErp: 2, conflicts: 1 };
  expect(dry.counters).toMatchObject(expected);
  const real = await sync(world);
  expect(real.counters).toMatchObject(expected);
  expect((await changesOfRun(real.id)).map(prediction).sort()).toEqual(planned.map(prediction).sort());
});

function changesOfRun(runId: string): Promise<FieldChange[]> {
  return world.api.all<FieldChange>(`/v1/sync-runs/${runId}/changes`);
}

/** All that a planned change says, but when, by which run and that it was only planned. */
function prediction(change: FieldChange): string {
  const { linkId, crmField, erpField, side, oldValue, newValue, rule, conflict } = change;
  return JSON.stringify([linkId, crmField, erpField, side, oldValue, newValue, rule, conflict]);
}

/** The CRM does not answer when this record is about to be written. */
function unwritable({ companyId }: LinkedCompany) {
  return { rules: [{ kind: 'get', action: '503', times: 1000, type: 'company', id: companyId }] };
}

test('a cancelled run keeps what it wrote, and the next run picks up what it left', async () => {
  const [done, left] = await linkedCompanies(world, 'Cancelled', 2);
  if (!done || !left) throw new Error('Two companies were linked');
  await world.crm.setFaults(unwritable(left));
  for (const { partyId } of [done, left]) await world.erp.edit(partyId, { phone: '+31 20 700 0004' });
  const { id } = await startRun(world);
  const waiting = await until('The wait', async () => {
    const run = await runOf(world, id);
    return run.waiting ? run : undefined;
  });
  expect(waiting).toMatchObject({ state: 'running', waiting: { kind: 'transient', attempt: 1 } });
  expect(await world.api.post(`/v1/sync-runs/${id}/cancel`)).toMatchObject({ id, state: 'cancelled' });
  expect(await world.crm.read('company', done.companyId)).toMatchObject({ phone: '+31 20 700 0004' });
  expect(await world.crm.read('company', left.companyId)).toMatchObject({ phone: '+31 20 123 4567' });

  await world.crm.setFaults({});
  const lastWrite = await world.crm.lastWrite();
  expect(await sync(world)).toMatchObject({ state: 'done', counters: { changed: 1, writtenToCrm: 1 } });
  expect(await world.crm.read('company', left.companyId)).toMatchObject({ phone: '+31 20 700 0004' });
  expect(await world.crm.serviceWrites(lastWrite)).toHaveLength(1);
  expect(await runOf(world, id)).toMatchObject({ state: 'cancelled' });
});

test('a field that the ERP refuses becomes a failure with its own words, the other fields go on, and a retry closes it', async () => {
  const { api, crm, erp } = world;
  const { partyId, companyId, linkId } = await linkedCompany(world, 'Refused');
  await crm.edit('company', companyId, { orgNr: 'NL0', email: 'info@after.example', phone: '+31 20 700 0006' });
  const run = await sync(world);
  expect(run).toMatchObject({ state: 'done-with-failures', counters: { rejected: 1 } });
  const [failure, ...others] = await api.all<Failure>('/v1/failures', { linkId });
  expect(others).toEqual([]);
  expect(failure).toMatchObject({
    kind: 'rejected',
    fields: [{ reason: 'refused-by-system', field: 'VATNO~vatNo', explanation: expect.stringMatching(/NL0/) }],
  });

  expect(await erp.party(partyId)).toMatchObject({ vat: undefined, email: 'info@after.example' });
  await crm.edit('company', companyId, { url: 'https://after.example' });
  await sync(world);
  expect(await erp.party(partyId)).toMatchObject({ vat: undefined, website: 'https://after.example' });
  expect(await api.all<Failure>('/v1/failures', { linkId })).toHaveLength(1);

  await crm.edit('company', companyId, { orgNr: 'NL123456782B12' });
  const { runIds } = await api.post<{ runIds: string[] }>(`/v1/failures/${failure?.id}/retry`);
  expect(await ended(world, runIds[0] ?? '')).toMatchObject({ state: 'done', trigger: { by: 'retry' } });
  expect(await erp.party(partyId)).toMatchObject({ vat: 'NL123456782B12' });
  expect(await api.all('/v1/failures', { linkId })).toEqual([]);
  expect(await linkOf(world, linkId)).toMatchObject({ openFailures: [] });
});

test('a value too long for the CRM is never cut: it becomes a failure, and the other fields of the record travel', async () => {
  const { api, crm, erp } = world;
  const { partyId, companyId, linkId } = await linkedCompany(world, 'Too long');
  const { name } = await crm.read('company', companyId);
  await erp.edit(partyId, { name: 'x'.repeat(300), phone: '+31 20 700 0008' });
  expect(await sync(world)).toMatchObject({ state: 'done-with-failures', counters: { rejected: 1, writtenToCrm: 1 } });
  expect(await crm.read('company', companyId)).toMatchObject({ name, phone: '+31 20 700 0008' });
  expect(await api.all<Failure>('/v1/failures', { linkId })).toMatchObject([
    { fields: [{ reason: 'too-long', field: 'NAME~name' }] },
  ]);
  await erp.edit(partyId, { name: 'Short enough' });
  expect(await sync(world)).toMatchObject({ state: 'done' });
  expect(await crm.read('company', companyId)).toMatchObject({ name: 'Short enough' });
  expect(await api.all('/v1/failures', { linkId })).toEqual([]);
});

test('a run over an inactive connection is refused, and a link is left alone while it is inactive', async () => {
  const { api, connectionId } = world;
  const { partyId, companyId } = await linkedCompany(world, 'Inactive');
  await api.post(`/v1/connections/${connectionId}/deactivate`);
  await world.erp.edit(partyId, { phone: '+31 20 700 0005' });
  await expect(startRun(world)).rejects.toMatchObject({ status: 409 });
  expect(await world.crm.read('company', companyId)).toMatchObject({ phone: '+31 20 123 4567' });
  await api.post(`/v1/connections/${connectionId}/activate`);
  expect(await sync(world)).toMatchObject({ state: 'done', counters: { writtenToCrm: 1 } });
  expect(await world.crm.read('company', companyId)).toMatchObject({ phone: '+31 20 700 0005' });
});
