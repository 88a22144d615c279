/** The failure of drift says what stands, whoever comes between a find and its telling. */
import { expect, test } from 'vitest';
import type { ApiWorld } from '../api-world.ts';
import { customerMapping, saveMapping } from '../set-up-steps.ts';
import { drifted, erpSays } from './drifted.ts';

/** Once, just before a failure is opened or closed. */
function beforeItIsTold(world: ApiWorld, meanwhile: () => Promise<unknown>): void {
  const { failures } = world.app;
  const first =
    <Parts extends unknown[], Told>(tell: (...parts: Parts) => Promise<Told>) =>
    async (...parts: Parts) => {
      Object.assign(world.app, { failures });
      await meanwhile();
      return tell(...parts);
    };
  Object.assign(world.app, { failures: { ...failures, open: first(failures.open), close: first(failures.close) } });
}

test('drift that the mapping is saved without while it is told is told no more', async () => {
  const { world, id, path, refresh, read, failureStatus } = await drifted();
  await world.send('POST', `${path}/deactivate`);
  erpSays(world, 'VATNO', { maxLength: 3 });
  beforeItIsTold(world, async () => {
    const saved = await saveMapping(world, id, { ...customerMapping, fields: customerMapping.fields.slice(0, 2) });
    expect(saved.status).toBe(200);
  });
  expect((await refresh()).status).toBe(200);
  expect((await read()).drift).toEqual([]);
  expect(await failureStatus()).toBe(404);
});

test('drift of a connection that is deleted while it is told is told no more', async () => {
  const { world, path, refresh, read, failureStatus } = await drifted();
  erpSays(world, 'VATNO', { maxLength: 3 });
  beforeItIsTold(world, () => world.change('DELETE', path));
  await refresh();
  expect((await read()).state).toBe('deleted');
  expect(await failureStatus()).toBe(404);
});

test('drift that is accepted while a refresh tells it again is told no more', async () => {
  const { world, refresh, read, dismiss, failureStatus } = await drifted(['PHONE', { maxLength: 10 }]);
  erpSays(world, 'NAME', { maxLength: 40 });
  beforeItIsTold(world, async () => expect((await dismiss()).status).toBe(204));
  await refresh();
  expect((await read()).drift).toMatchObject([{ field: 'NAME' }]);
  expect(await failureStatus()).toBe(200);
});

test.each(['refresh', 'dismissal'] as const)(
  'drift that is found while a %s tells of what was before is told with it',
  async (what) => {
    const { world, read, refresh, dismiss, failure } = await drifted(['VATNO', { maxLength: 3 }]);
    if (what === 'refresh') erpSays(world, 'VATNO', { maxLength: 2 });
    beforeItIsTold(world, async () => {
      erpSays(world, 'PHONE', undefined);
      await refresh();
    });
    await (what === 'refresh' ? refresh() : dismiss());
    const fields: readonly { readonly field: string }[] = (await read(failure)).fields;
    const left = what === 'refresh' ? ['customer.erp.VATNO'] : [];
    expect(fields.map(({ field }) => field).toSorted()).toEqual(['customer.erp.PHONE', ...left]);
  },
);
