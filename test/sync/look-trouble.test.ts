/** Links whose looks come to nothing although both systems answer. */
import { expect, test } from 'vitest';
import type { World } from '../property/world.ts';
import { atRest, failuresOf } from './at-rest.ts';

const minutesOfHours = (hours: number) => hours * 60;

/** A world at rest in which somebody else writes the ERP's record between our read and our write. */
async function alwaysStale() {
  let looks = 0;
  let on = true;
  const busy: { world?: World } = {};
  const world = await atRest({
    fields: [{ name: 'name', direction: 'both' }],
    links: 2,
    gate: async (what) => {
      if (what !== 'erp.update.sent' || !busy.world || !on) return;
      looks += 1;
      busy.world.erp.edit('party', 'e0', {});
    },
  });
  busy.world = world;
  world.crm.edit('contact', 'c0', { name: 'ours' });
  const editedMs = world.nowMs;
  return { world, editedMs, looks: () => looks, stop: () => (on = false) };
}

test('a link that is stale look after look becomes an open failure, is asked hourly, and closes it once it is done', async () => {
  const { world, editedMs, looks, stop } = await alwaysStale();
  await world.minutes(40);
  const [failure, ...others] = await failuresOf(world);
  expect(others).toEqual([]);
  expect(failure).toMatchObject({ kind: 'stale', reason: 'always-stale', linkId: 'link0' });
  expect(Date.parse(failure?.firstAt ?? '') - editedMs).toBeLessThan(120_000);
  const before = looks();
  await world.minutes(minutesOfHours(3));
  // Three rounds a look, one look an hour, although each of these rounds is a change that the list shows.
  expect(looks() - before).toBeLessThanOrEqual(9);
  expect(looks() - before).toBeGreaterThanOrEqual(6);
  expect(await failuresOf(world)).toHaveLength(1);
  stop();
  await world.minutes(70);
  expect(await failuresOf(world)).toEqual([]);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('ours');
});

test('a look on request is made at once, whatever hour the link waits for', async () => {
  const { world, looks } = await alwaysStale();
  await world.minutes(40);
  const before = looks();
  await world.compare();
  await world.drain();
  expect(looks()).toBeGreaterThan(before);
});
