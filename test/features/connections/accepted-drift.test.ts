/** Drift that a person has seen and accepts: that, no more, and with an entry in the trail. */
import { expect, test } from 'vitest';
import type { FieldTrouble } from '../../../functions/core/model/failure.ts';
import type { ApiWorld } from '../api-world.ts';
import { addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';
import { drifted, erpSays } from './drifted.ts';

async function acceptancesIn(world: ApiWorld) {
  const { items } = (await world.send('GET', '/v1/audit?limit=200')).json;
  return items.filter(({ act }: { act: string }) => act === 'drift.accept');
}

const named = (fields: readonly FieldTrouble[], key: string) => fields.filter(({ field }) => field.endsWith(`.${key}`));

test('dismissing accepts how fields are now: it comes back only if they change once more', async () => {
  const { world, read, refresh, dismiss, failure, failureStatus } = await drifted(
    ['PHONE', undefined],
    ['VATNO', { maxLength: 3 }],
  );
  expect((await dismiss()).status).toBe(204);
  expect(await failureStatus()).toBe(404);
  expect((await read()).drift).toMatchObject([{ field: 'PHONE', what: 'gone', accepted: true }]);
  await refresh();
  expect(await failureStatus()).toBe(404);
  erpSays(world, 'VATNO', { maxLength: 2 });
  await refresh();
  expect((await read(failure)).fields).toMatchObject([{ field: 'customer.erp.VATNO', reason: 'drift-shorter' }]);
  expect((await read()).drift).toMatchObject([{ field: 'PHONE' }, { field: 'VATNO', was: { maxLength: 3 } }]);
});

test('who accepts drift is told in the trail: what each field was, and as what it is taken', async () => {
  const { world, id, dismiss } = await drifted(['PHONE', undefined], ['VATNO', { maxLength: 3 }]);
  world.nowMs += 1_000;
  await dismiss();
  expect(await acceptancesIn(world)).toMatchObject([
    {
      act: 'drift.accept',
      at: world.app.runtime.now(),
      by: { kind: 'api-key', id: 'key-of-admin' },
      from: expect.any(String),
      subject: { kind: 'connection', id, name: 'Demo ERP' },
      changes: [
        { path: 'customer.drift.erp.PHONE', old: { type: 'text', format: 'phone' } },
        { path: 'customer.drift.erp.VATNO', old: { maxLength: 5 }, new: { maxLength: 3 } },
      ],
    },
  ]);
});

test('what was found since the failure was read stays open when that is dismissed', async () => {
  const { world, read, refresh, dismiss, failure } = await drifted(['VATNO', { maxLength: 3 }]);
  const { fields: seen } = await read(failure);
  world.nowMs += 1_000;
  erpSays(world, 'PHONE', undefined);
  await refresh();
  expect((await read(failure)).fields).toHaveLength(2);
  expect((await dismiss(seen)).status).toBe(204);
  expect((await read(failure)).fields).toMatchObject([{ field: 'customer.erp.PHONE', reason: 'drift-gone' }]);
  expect((await read()).drift).toMatchObject([{ field: 'PHONE' }]);
  expect((await read()).drift[0]).not.toHaveProperty('accepted');
});

test('a field that changed once more since it was read is not accepted by what was read', async () => {
  const { world, read, refresh, dismiss, failure } = await drifted(['VATNO', { maxLength: 3 }], ['PHONE', undefined]);
  const { fields: seen } = await read(failure);
  world.nowMs += 1_000;
  erpSays(world, 'VATNO', { maxLength: 2 });
  await refresh();
  expect((await dismiss(seen)).status).toBe(204);
  expect((await read()).drift).toMatchObject([
    { field: 'PHONE', accepted: true },
    { field: 'VATNO', was: { maxLength: 5 }, now: { maxLength: 2 } },
  ]);
  expect((await read(failure)).fields).toHaveLength(1);
  const [entry] = await acceptancesIn(world);
  expect(entry.changes).toHaveLength(1);
});

test('a field that became mandatory and shorter is accepted as mandatory alone, and then told as shorter', async () => {
  const { world, read, dismiss, failure, failureStatus } = await drifted([
    'VATNO',
    { access: 'mandatory', maxLength: 3 },
  ]);
  const { fields: seen } = await read(failure);
  expect(seen).toMatchObject([{ field: 'customer.erp.VATNO', reason: 'drift-mandatory' }]);
  expect((await dismiss(seen)).status).toBe(204);
  expect((await read(failure)).fields).toMatchObject([{ field: 'customer.erp.VATNO', reason: 'drift-shorter' }]);
  expect((await read()).drift).toMatchObject([
    { was: { access: 'mandatory', maxLength: 5 }, now: { access: 'mandatory', maxLength: 3 } },
  ]);
  const [entry] = await acceptancesIn(world);
  expect(entry.changes).toMatchObject([
    { old: { access: 'normal', maxLength: 5 }, new: { access: 'mandatory', maxLength: 5 } },
  ]);
  expect((await dismiss()).status).toBe(204);
  expect(await failureStatus()).toBe(404);
});

test('some of the fields are accepted by themselves, and the others stay open', async () => {
  const { read, dismiss, failure } = await drifted(['VATNO', { maxLength: 3 }], ['PHONE', undefined]);
  expect((await dismiss(named((await read(failure)).fields, 'VATNO'))).status).toBe(204);
  expect((await read(failure)).fields).toMatchObject([{ field: 'customer.erp.PHONE' }]);
});

test('what is accepted has to be said, and to be of what the failure names', async () => {
  const { world, read, refresh, dismiss, failure } = await drifted(['VATNO', { maxLength: 3 }]);
  expect(await world.send('POST', `${failure}/dismiss`)).toMatchObject({
    status: 400,
    json: { errors: [{ path: 'fields', message: expect.stringContaining('GET /v1/failures/') }] },
  });
  const { fields: seen } = await read(failure);
  world.nowMs += 1_000;
  erpSays(world, 'VATNO', { maxLength: 2 });
  await refresh();
  expect((await dismiss(seen)).status).toBe(409);
  expect((await read(failure)).fields).toHaveLength(1);
  expect(await acceptancesIn(world)).toEqual([]);
});

test('who may not change the set-up does not accept drift', async () => {
  const { world, read, dismiss, failure } = await drifted(['VATNO', { maxLength: 3 }]);
  const seen = (await read(failure)).fields;
  const refused = await world.send('POST', `${failure}/dismiss`, { body: { fields: seen }, role: 'service' });
  expect(refused).toMatchObject({ status: 403, json: { detail: expect.stringContaining('this is for admin') } });
  expect((await read(failure)).fields).toEqual(seen);
  expect((await dismiss(seen)).status).toBe(204);
});

test('who may not change the set-up does not look at drift again, by one failure or by many, and others are tried', async () => {
  const { world, id, path, read, failure } = await drifted(['PHONE', undefined]);
  addRecords(world, 1);
  world.crm.edit('contact', 'c1', { vatNo: 'NL123456789' });
  await connect(world, id, pair(1));
  await world.work();
  erpSays(world, 'VATNO', { maxLength: 3 });
  const asItWas = await read(`${path}/actor-types/customer/mapping`);
  const detail = expect.stringContaining('this is for admin');
  const one = await world.send('POST', `${failure}/retry`, { role: 'service' });
  expect(one).toMatchObject({ status: 403, json: { detail } });
  const many = await world.send('POST', '/v1/failures/retry', { body: { connectionId: id }, role: 'service' });
  expect(many).toMatchObject({ status: 202, json: { retried: 1, refused: [{ connectionId: id, reason: detail }] } });
  expect(await read(`${path}/actor-types/customer/mapping`)).toEqual(asItWas);
  expect((await world.send('POST', `${failure}/retry`)).status).toBe(202);
  expect((await read(failure)).fields).toHaveLength(2);
});

test('drift that is found while it is dismissed stays, and is listed', async () => {
  const { world, id, read, refresh, dismiss, failure } = await drifted(['VATNO', { maxLength: 3 }]);
  const { fields: seen } = await read(failure);
  const { connections } = world.app;
  let isMeanwhile = true;
  Object.assign(world.app, {
    connections: {
      ...connections,
      getWithTypes: async (tenantId: string, connectionId: string) => {
        const before = await connections.getWithTypes(tenantId, connectionId);
        if (isMeanwhile) {
          isMeanwhile = false;
          world.nowMs += 1_000;
          erpSays(world, 'PHONE', undefined);
          await refresh();
        }
        return before;
      },
    },
  });
  expect((await dismiss(seen)).status).toBe(204);
  Object.assign(world.app, { connections });
  expect((await read(failure)).fields).toMatchObject([{ field: 'customer.erp.PHONE' }]);
  expect((await read(`/v1/connections/${id}`)).drift).toHaveLength(1);
});

test('after a mapping was saved there is nothing left to accept', async () => {
  const { world, id, path, read, dismiss, failure } = await drifted(['VATNO', { maxLength: 3 }]);
  const { fields: seen } = await read(failure);
  await world.send('POST', `${path}/deactivate`);
  await saveMapping(world, id, customerMapping);
  expect((await dismiss(seen)).status).toBe(404);
});
