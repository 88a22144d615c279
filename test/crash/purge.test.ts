/** A dispatcher or worker dies at every single call of table, vault and schedules while a connection is purged, and its message is lost or comes again. */
import { expect, test } from 'vitest';
import { callAndWork, deletedWorld, leftOf, type PurgedWorld } from '../features/connections/purged-world.ts';

/** As long as it takes where nobody dies: the message takes all, the next call ends it. */
const undisturbedCalls = 2;

/** DEATHS=all plays every death; otherwise every third, for side by side are half of the calls. */
const step = process.env.DEATHS === 'all' ? 1 : 3;

class Death extends Error {}

/** All that comes after the death fails too: nobody is there any more. */
function dyingAt({ world }: PurgedWorld, dieAt: number) {
  const { schedules, vault } = world.app;
  let calls = 0;
  world.storageGate = () => {
    calls += 1;
    if (calls >= dieAt) throw new Death();
  };
  const app = {
    ...world.app,
    schedules: {
      ...schedules,
      async remove(tenantId: string, id: string) {
        world.storageGate('schedules and secrets', []);
        await schedules.remove(tenantId, id);
      },
    },
    vault: {
      ...vault,
      async remove(tenantId: string, owner: string) {
        world.storageGate('schedules and secrets', []);
        await vault.remove(tenantId, owner);
      },
    },
  };
  return {
    app,
    calls: () => calls,
    revive: () => {
      world.storageGate = () => {};
    },
  };
}

async function playedWithDeath(
  dieAt: number,
): Promise<{ readonly calls: number; readonly died: boolean; readonly end: unknown }> {
  const deleted = await deletedWorld();
  const { world, first, second, otherLinkId } = deleted;
  const death = dyingAt(deleted, dieAt);
  let died = false;
  for (let calls = 0; calls < undisturbedCalls; calls += 1) {
    await callAndWork(deleted, death.app).catch((failure: unknown) => {
      if (!(failure instanceof Death)) throw failure;
      died = true;
    });
  }
  death.revive();
  // The message that it died over is lost with it; the schedule calls every hour.
  world.loseMessages();
  for (let hours = 0; hours < undisturbedCalls; hours += 1) await callAndWork(deleted);
  const entries = await world.app.audit.list(world.tenantId, { subject: 'connection', id: first }, { limit: 100 });
  const connectors = await world.app.connectors.list(world.tenantId, { limit: 10 });
  const end = {
    left: new Set(await leftOf(deleted)),
    told: entries.items.filter(({ act }) => act === 'connection.purge').length,
    counted: connectors.items.map(({ connections }) => connections),
    secrets: [...world.secrets.keys()].filter((name) => name.includes(first)).length,
    schedules: [...world.purgesFrom.keys()].length,
    others: await world.app.links.get(world.tenantId, otherLinkId),
    connections: (await world.app.connections.inOrder(world.tenantId)).map(({ id }) => id === second),
  };
  return { calls: death.calls(), died, end };
}

test('a death at any call leaves nothing half-purged for ever, and purges once', async () => {
  const undisturbed = await playedWithDeath(Number.POSITIVE_INFINITY);
  expect(undisturbed.end).toMatchObject({
    left: new Set(['audit']),
    ...{ told: 1, counted: [0, 1], secrets: 0, schedules: 0, connections: [true] },
  });
  expect(undisturbed.calls).toBeGreaterThan(60);
  for (let dieAt = 1; dieAt <= undisturbed.calls; dieAt += dieAt < undisturbed.calls - 6 ? step : 1) {
    const { died, end } = await playedWithDeath(dieAt);
    expect(died, `died at call ${dieAt}`).toBe(true);
    expect(end, `died at call ${dieAt}`).toEqual(undisturbed.end);
  }
});
