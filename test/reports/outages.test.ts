/** Public reports of failures that outlive their cause. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { failuresOf } from '../sync/at-rest.ts';
import { editCrm, inErp, metAtRest } from './met-at-rest.ts';

test('a system that was down for hours leaves no failure behind, wherever it was met', async () => {
  let down = false;
  const { world } = await metAtRest({
    erp: {
      onCall: async () => {
        if (down) throw new SyncError('transient', 'Down for a while.');
      },
    },
  });
  editCrm(world, { name: 'new' });
  await world.poll();
  down = true;
  await world.drain();
  await world.quiesce();
  expect((await failuresOf(world)).map(({ kind }) => kind)).toContain('transient');
  down = false;
  await world.quiesce();
  expect(inErp(world).NAME).toBe('new');
  expect(await failuresOf(world)).toEqual([]);
});
