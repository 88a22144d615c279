/** What is normal stops nothing, however much of it there is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brakesOf } from '../sync/brakes-of.ts';
import { fields, normalDays, pairLists, syncDay } from './normal-days.ts';
import { World } from './world.ts';

const daysOfAWorld = 10;
/** Runs of normal days, each in a poll of its own: as many as fit half a minute. PROPERTY_RUNS=1000 takes some four. */
const runs = Number(process.env.PROPERTY_RUNS ?? 200);
const most = 600;

const names = Object.keys(normalDays);

/** From 1 to 600 links, small worlds as often as large ones. */
const sizes = fc.integer({ min: 0, max: 1_000 }).map((part) => Math.round(most ** (part / 1_000)));

const history = fc.record({
  links: sizes,
  days: fc.array(fc.record({ name: fc.constantFrom(...names), pick: fc.nat(9_999) }), {
    minLength: daysOfAWorld,
    maxLength: daysOfAWorld,
    size: 'max',
  }),
});

async function beginOf(links: number): Promise<World> {
  const world = new World({
    fields,
    links,
    pageSize: 200,
    erpRefuses: (field, value) =>
      field === 'PHONE' && String(value).endsWith('refused') ? 'Not a number.' : undefined,
  });
  await world.setUp();
  await pairLists({ world, links, pick: 1 });
  await world.minutes(1);
  return world;
}

test('no brake is set by normal days: mass edits to one value, imports, removals, moves, clashes, faulty records, re-mapped lists', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ links, days }) => {
      const world = await beginOf(links);
      for (const { name, pick } of days) {
        world.nowMs += 86_400_000;
        const day = { world, links, pick };
        normalDays[name]?.(day);
        if (pick % 6 === 0) await pairLists(day);
        await syncDay(day);
        expect([name, await brakesOf(world)]).toEqual([name, []]);
      }
      expect((await world.runs()).filter(({ state }) => state === 'stopped-by-brake')).toEqual([]);
    }),
    {
      numRuns: Math.ceil(runs / daysOfAWorld),
      endOnFailure: process.env.SHRINK === undefined,
      ...(process.env.SEED && { seed: Number(process.env.SEED) }),
      ...(process.env.FAILING_PATH && { path: process.env.FAILING_PATH }),
    },
  );
}, 3_600_000);
