/** Why two records cannot be linked, and what to do, as a preview and a connect say it. */
import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addConnection, addRecords, connect, pair } from '../set-up-steps.ts';

const closed = new SyncError('forbidden', 'Closed.', { explanation: 'for bookkeepers only' });
const merged = { kind: 'merged', into: '7' } as const;
const archived = { kind: 'archived' } as const;

const inTheWay: Readonly<Record<string, (world: ApiWorld) => unknown>> = {
  'erp-actor-missing': ({ erp }) => erp.removeRecord('party', 'p1'),
  'crm-record-missing': ({ crm }) => crm.removeRecord('contact', 'c1'),
  'erp-actor-not-readable': ({ erp }) =>
    Object.assign(erp.options, { unreadable: (key: string) => (key === 'p1' ? closed : undefined) }),
  'crm-record-not-readable': ({ crm }) =>
    Object.assign(crm.options, { unreadable: (key: string) => (key === 'c1' ? closed : undefined) }),
  'erp-actor-merged': ({ erp }) => erp.setStanding('party', 'p1', merged),
  'crm-record-merged': ({ crm }) => crm.setStanding('contact', 'c1', merged),
  'erp-actor-archived': ({ erp }) => erp.setStanding('party', 'p1', archived),
  'crm-record-archived': ({ crm }) => crm.setStanding('contact', 'c1', archived),
  'erp-actor-outside-filter': ({ erp }) => erp.setStanding('party', 'p1', { kind: 'outside' }),
};

const sentence = /^[A-Z].*\.$/;

test.each(Object.keys(inTheWay))('%s: what happened and what to do, alike in preview and connect', async (reason) => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 2);
  inTheWay[reason]?.(world);
  const preview = await world.send('POST', '/v1/links/preview', { body: { connectionId, pairs: [pair(1)] } });
  const { refusal } = preview.json.items[0];
  expect(refusal).toMatchObject({
    reason,
    message: expect.stringMatching(sentence),
    remedy: expect.stringMatching(sentence),
  });
  // The words of a system stand beside it.
  expect(`${refusal.message} ${refusal.remedy}`).not.toContain('bookkeepers');
  const [refused] = (await connect(world, connectionId, pair(1), pair(2))).json.items;
  expect(refused).toMatchObject({ result: 'refused', ...refusal });
  const alone = await connect(world, connectionId, pair(1));
  expect([alone.status, alone.json.detail]).toEqual([409, `${refusal.message} ${refusal.remedy}`]);
});

test('what is wrong with the pairs themselves, or with the connection, says what would be right', async () => {
  const world = new ApiWorld();
  const active = await activeConnection(world);
  addRecords(world, 1);
  const preview = async (connectionId: string, actorType: string) =>
    (await world.send('POST', '/v1/links/preview', { body: { connectionId, pairs: [{ ...pair(1), actorType }] } }))
      .json;
  expect((await preview(active, 'partner')).errors).toEqual([
    {
      path: 'pairs[0].actorType',
      message: 'The ERP offers no such actor type; there are customer, project, supplier',
    },
  ]);
  expect((await preview(active, 'supplier')).errors).toEqual([
    {
      path: 'pairs[0].actorType',
      message: 'This actor type is not active: save its mapping with `active` true first',
    },
  ]);
  const inactive = await addConnection(world, 'Not active');
  expect((await preview(inactive, 'customer')).detail).toBe('The connection is inactive: activate it first.');
  world.erpError = () => new SyncError('unauthorised', 'Refused.');
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: active } });
  await world.work();
  expect((await preview(active, 'customer')).detail).toBe(
    'The connection is suspended: mend what stopped it, then test it, which activates it again.',
  );
});
