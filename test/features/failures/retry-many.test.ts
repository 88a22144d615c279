/** Many failures tried again by a filter, in several calls. */
import { expect, test } from 'vitest';
import { failureOf } from '../../../functions/core/model/failure.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addConnection } from '../set-up-steps.ts';

test('failures that cannot be retried keep nobody from those behind them', async () => {
  const world = new ApiWorld();
  const active = await activeConnection(world);
  const inactive = await addConnection(world, 'Not active');
  const open = (connectionId: string, id: string) =>
    world.app.failures.open(
      failureOf({
        ...{ tenantId: world.tenantId, id, connectionId, kind: 'rejected', reason: 'always-refused' },
        at: world.app.runtime.now(),
      }),
    );
  await open(active, 'b');
  world.nowMs += 60_000;
  for (let at = 0; at < 600; at += 1) await open(inactive, `a${String(at).padStart(4, '0')}`);
  const retry = async (cursor?: string) => (await world.send('POST', '/v1/failures/retry', { body: { cursor } })).json;
  const first = await retry();
  expect(first).toMatchObject({ retried: 0, refused: [{ connectionId: inactive }] });
  const second = await retry(first.nextCursor);
  expect(second).toMatchObject({ retried: 1, refused: [{ connectionId: inactive }] });
  expect(second).not.toHaveProperty('nextCursor');
});
