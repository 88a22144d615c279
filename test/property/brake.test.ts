/** Harm is never more than the allowance of the day, whatever workers, queue, deaths and people do. */
import { expect, test } from 'vitest';
import { actions, inEveryHistory } from './histories.ts';
import type { Interleaving } from './interleaving.ts';
import { connectionId, tenantId, type World } from './world.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'phone', direction: 'both' },
] as const;
const links = 5;
const limit = 2;

/** Links of which a value was overwritten with a blank, on either side. */
function harmed(world: World): Set<string> {
  const harm = (['crm', 'erp'] as const).flatMap((side) =>
    world[side].written.flatMap(({ key, values, replaced }) =>
      Object.entries(values).some(([field, value]) => value === null && (replaced[field] ?? null) !== null)
        ? [key.slice(1)]
        : [],
    ),
  );
  return new Set(harm);
}

async function restrict(world: World): Promise<void> {
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  const allowances = { blanks: { links: limit, share: 0 } };
  if (connection) await world.quiet.connections.replace({ ...connection, allowances });
}

async function expectRationed({ world }: Interleaving): Promise<void> {
  expect(harmed(world).size).toBeLessThanOrEqual(limit);
  const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
  const held = (await world.links()).filter(({ withheld }) => withheld?.blanks);
  const due = await world.quiet.dueItems.list(tenantId, connectionId, 100);
  // What is withheld is due, counted, and a brake says so.
  expect(due.items.map(({ linkId }) => linkId).sort()).toEqual(held.map(({ id }) => id).sort());
  expect(setup?.brakes.map(({ kind }) => kind)).toEqual(held.length > 0 ? ['blanks'] : []);
  const summary = await world.quiet.connections.summary(tenantId, connectionId);
  expect(summary.customer?.withheld).toEqual({ blanks: held.length, breaks: 0 });
}

test('values that all turn blank cost no more links theirs than a day allows, and the rest is withheld and asked', async () => {
  let hidden: readonly string[] = [];
  const options = { fields, links, erpHides: () => hidden };
  const prepare = async (world: World) => {
    hidden = [];
    await restrict(world);
    await world.minutes(2);
    hidden = ['PHONE'];
  };
  // A day is longer than a history, so that one allowance is all there is.
  const histories = actions({ compare: 6, tick: 4 });
  await inEveryHistory(options, histories, expectRationed, prepare);
});
