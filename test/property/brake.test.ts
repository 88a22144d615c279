/** Harm is never more than the allowance of the day, whatever workers, queue, deaths and people do. */
import { expect, test } from 'vitest';
import { type ActKind, noActs } from '../../functions/core/model/brake.ts';
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
  const one = { links: limit, share: 0 };
  const allowances = { blanks: one, breaks: one, uniform: one };
  if (connection) await world.quiet.connections.replace({ ...connection, allowances });
}

/** What is withheld is due, counted, and a brake says so. */
async function expectAsked({ world }: Interleaving, kind: ActKind): Promise<void> {
  const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
  const held = (await world.links()).filter(({ withheld }) => withheld?.[kind]);
  const due = await world.quiet.dueItems.list(tenantId, connectionId, 100);
  expect(due.items.map(({ linkId }) => linkId).sort()).toEqual(held.map(({ id }) => id).sort());
  expect(setup?.brakes.map((brake) => brake.kind)).toEqual(held.length > 0 ? [kind] : []);
  const summary = await world.quiet.connections.summary(tenantId, connectionId);
  expect(summary.customer?.withheld).toEqual({ ...noActs(), [kind]: held.length });
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
  const expectRationed = async (play: Interleaving) => {
    expect(harmed(play.world).size).toBeLessThanOrEqual(limit);
    await expectAsked(play, 'blanks');
  };
  await inEveryHistory(options, histories, expectRationed, prepare);
});

test('whatever records are archived, merged, deleted and taken back, no more links break than a day allows', async () => {
  const histories = actions({ archive: 4, merge: 5, delete: 5, 'take-back': 3, compare: 5, poll: 8 });
  const expectRationed = async (play: Interleaving) => {
    const broken = (await play.world.links()).filter(({ state }) => state === 'broken');
    expect(broken.length).toBeLessThanOrEqual(limit);
    expect(harmed(play.world).size).toBe(0);
    await expectAsked(play, 'breaks');
  };
  await inEveryHistory({ fields, links }, histories, expectRationed, restrict);
});

test('a value of several fields of which one turns blank is written whole or not at all', async () => {
  let hidden: readonly string[] = [];
  const grouped = fields.map((field) => ({ ...field, group: 'card', start: 'A' }));
  const prepare = async (world: World) => {
    hidden = [];
    await restrict(world);
    await world.minutes(2);
    for (let at = 0; at < links; at += 1) world.erp.edit('party', `e${at}`, { NAME: 'B' });
    hidden = ['PHONE'];
  };
  const expectWhole = async (play: Interleaving) => {
    const { world } = play;
    expect(harmed(world).size).toBeLessThanOrEqual(limit);
    for (let at = 0; at < links; at += 1) {
      const { name, phone } = world.crm.valuesOf('contact', `c${at}`);
      expect([
        ['A', 'A'],
        ['B', null],
      ]).toContainEqual([name, phone]);
    }
    await expectAsked(play, 'blanks');
  };
  const histories = actions({ edit: 0, revert: 0, compare: 6, tick: 4 });
  await inEveryHistory({ fields: grouped, links, erpHides: () => hidden }, histories, expectWhole, prepare);
});

/** How many links had a value of their own replaced by that one. */
function replacedBy(world: World, text: string): number {
  const keys = world.crm.written.flatMap(({ key, values, replaced }) =>
    values.phone === text && replaced.phone !== text ? [key] : [],
  );
  return new Set(keys).size;
}

test('a number that comes to all replaces no more of their own than a day allows, but of two links that are read apart from the rest', async () => {
  const options = { fields, links: 8, pageSize: 20 };
  const prepare = async (world: World) => {
    for (let at = 0; at < 8; at += 1) world.erp.edit('party', `e${at}`, { PHONE: `own number ${at}` });
    await world.minutes(2);
    await restrict(world);
    for (let at = 0; at < 8; at += 1) world.erp.edit('party', `e${at}`, { PHONE: 'same' });
    world.nowMs += 60_000;
  };
  const histories = actions({ edit: 0, revert: 0, tick: 4 });
  await inEveryHistory(
    options,
    histories,
    async ({ world }) => {
      expect(replacedBy(world, 'same')).toBeLessThanOrEqual(limit + 2);
      const held = (await world.links()).filter(({ withheld }) => withheld?.uniform);
      const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
      expect(setup?.brakes.map(({ kind }) => kind)).toEqual(held.length > 0 ? ['uniform'] : []);
    },
    prepare,
  );
});
