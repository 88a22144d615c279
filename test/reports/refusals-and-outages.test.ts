/** Public reports of what one refused, deleted or unreadable record does to itself and to all others. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { connectionId, tenantId } from '../property/world.ts';
import { failuresOf } from '../sync/at-rest.ts';
import { editCrm, inErp, metAtRest, pollMet, stored } from './met-at-rest.ts';

test('an error that passes by itself is tried again however often it came, and its failure closes', async () => {
  let down = false;
  const { world } = await metAtRest({
    erp: {
      onCall: async (operation) => {
        if (down && operation === 'get') throw new SyncError('transient', 'Down for a while.');
      },
    },
  });
  down = true;
  editCrm(world, { name: 'new' });
  await world.quiesce();
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link0', kind: 'transient' }]);
  expect(inErp(world).NAME).toBe('start0');
  down = false;
  await world.quiesce();
  expect(inErp(world).NAME).toBe('new');
  expect(await failuresOf(world)).toEqual([]);
});

test('a value that is refused for good is sent once, the rest arrives, and a better value closes the failure', async () => {
  const refused = 'x@example.com';
  let asked = 0;
  const { world } = await metAtRest({
    erpRefuses: (_field, value) => {
      if (value !== refused) return undefined;
      asked += 1;
      return 'Not this one.';
    },
  });
  editCrm(world, { name: refused, phone: '030' });
  await world.minutes(10);
  expect(asked).toBe(1);
  expect(inErp(world)).toEqual({ NAME: 'start0', PHONE: '030' });
  expect(await failuresOf(world)).toMatchObject([{ reason: 'refused-by-system', explanation: 'Not this one.' }]);
  editCrm(world, { name: 'y@example.com' });
  await world.minutes(2);
  expect(inErp(world).NAME).toBe('y@example.com');
  expect(await failuresOf(world)).toEqual([]);
});

test('a list or a read that fails half-way deletes nothing', async () => {
  for (const call of ['erp.listChanges.answered', 'erp.get.answered', 'crm.get.answered']) {
    const { world, meet } = await metAtRest({ links: 4, pageSize: 1 });
    for (let at = 0; at < 4; at += 1) editCrm(world, { name: `new${at}` }, at);
    meet.set(call, () => Promise.reject(new SyncError('transient', 'Half an answer.')));
    await pollMet(world);
    await world.minutes(3);
    expect((await world.links()).map(({ state }) => state)).toEqual(['active', 'active', 'active', 'active']);
    expect(stored(world, 'erp', 'NAME').toSorted()).toEqual(['new0', 'new1', 'new2', 'new3']);
  }
});

test('a record deleted on one side stops no other', async () => {
  const { world } = await metAtRest();
  world.erp.removeRecord('party', 'e0');
  editCrm(world, { name: 'gone' }, 0);
  editCrm(world, { name: 'alive' }, 1);
  await world.minutes(2);
  expect(inErp(world, 1).NAME).toBe('alive');
});

test('a poll whose worker was killed blocks none that follow', async () => {
  const { world } = await metAtRest();
  editCrm(world, { name: 'new' });
  await world.poll();
  world.messages.splice(0);
  await world.minutes(6);
  expect(inErp(world).NAME).toBe('new');
  expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
  expect((await world.runs()).filter(({ state }) => state === 'running' || state === 'queued')).toEqual([]);
});
