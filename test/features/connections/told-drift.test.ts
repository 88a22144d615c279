/** The failure of drift says what stands, whoever comes between a find and its telling. */
import { expect, test } from 'vitest';
import type { ApiWorld } from '../api-world.ts';
import { customerMapping, saveMapping } from '../set-up-steps.ts';
import { drifted, erpSays } from './drifted.ts';

/** Once, just before a failure is opened. */
function beforeItIsTold(world: ApiWorld, meanwhile: () => Promise<unknown>): void {
  const { failures } = world.app;
  Object.assign(world.app, {
    failures: {
      ...failures,
      open: async (...told: Parameters<typeof failures.open>) => {
        Object.assign(world.app, { failures });
        await meanwhile();
        return failures.open(...told);
      },
    },
  });
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

test('drift that is found while that before is told is told with it', async () => {
  const { world, read, refresh, failure } = await drifted();
  erpSays(world, 'VATNO', { maxLength: 3 });
  beforeItIsTold(world, async () => {
    erpSays(world, 'PHONE', undefined);
    await refresh();
  });
  await refresh();
  const fields: readonly { readonly field: string }[] = (await read(failure)).fields;
  expect(fields.map(({ field }) => field).toSorted()).toEqual(['customer.erp.PHONE', 'customer.erp.VATNO']);
});
