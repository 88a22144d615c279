/** The stored state is set back to an earlier moment, as after a restore; CRM and ERP keep what has happened since. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { actions, grouped, mixed, settingsFor, twoWay } from './histories.ts';
import type { HistoryOptions } from './interleaving.ts';
import { expectNothingLost } from './invariants.ts';
import { RestoredInterleaving, RestoredWorld } from './restored-interleaving.ts';
import { connectionId, tenantId } from './world.ts';

test.each<[string, HistoryOptions]>([
  ['two-way fields', { fields: twoWay, links: 2 }],
  ['one-way fields and the ERP winning', { fields: mixed, links: 2, policy: { kind: 'erp-wins' } }],
  ['values of several fields', { fields: grouped, links: 2, policy: { kind: 'latest-wins', fallback: 'crm' } }],
])('with %s a state that is set back comes to agreement, loses no edit and causes no echo', async (_, options) => {
  const histories = actions({ edit: 20, poll: 14, compare: 2, revert: 4 });
  await fc.assert(
    fc.asyncProperty(histories, async (given) => {
      const play = new RestoredInterleaving(options);
      await play.world.setUp();
      await play.play(given);
      await expectNothingLost(play, (edit) => play.isAsRestored(edit) || play.wasUnderWay(edit));
    }),
    settingsFor(16),
  );
});

/** In agreement, with the moment of that. */
async function restorable(links: number): Promise<{ world: RestoredWorld; moment: number }> {
  const world = new RestoredWorld({ fields: twoWay, links });
  await world.setUp();
  await world.quiesce();
  return { world, moment: world.moment() };
}

const writes = ({ crm, erp }: RestoredWorld) => crm.written.length + erp.written.length;

test('what has travelled since the moment that the state is set back to agrees without a write', async () => {
  const { world, moment } = await restorable(6);
  for (let at = 0; at < 6; at += 1) {
    if (at % 2 === 0) world.crm.edit('contact', `c${at}`, { name: `crm${at}` });
    else world.erp.edit('party', `e${at}`, { CITY: `erp${at}` });
  }
  await world.minutes(3);
  const before = writes(world);
  expect(before).toBe(6);
  await world.setBack(moment);
  await world.quiesce();
  await world.compare();
  await world.drain();
  expect(writes(world)).toBe(before);
  const agreed = (await world.links()).map((link) => world.fieldState(link, 'name')?.agreed?.crm);
  expect(agreed).toEqual(['crm0', 'start1', 'crm2', 'start3', 'crm4', 'start5']);
});

test('of an edit that meets what came since, the loser is logged with what was agreed at that moment', async () => {
  const { world, moment } = await restorable(1);
  world.erp.edit('party', 'e0', { NAME: 'since' });
  await world.minutes(3);
  await world.setBack(moment);
  world.crm.edit('contact', 'c0', { name: 'after' });
  await world.quiesce();
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('after');
  const [last] = (await world.log()).filter(({ crmField, side }) => crmField === 'name' && side === 'erp');
  expect(last?.conflict).toEqual({
    winner: 'crm',
    policy: 'crm-wins',
    base: { crm: 'start0', erp: 'start0' },
    crm: 'after',
    erp: 'since',
  });
});

test('a value put back to what it was at that moment is replaced by what the other side still holds, and told before and after', async () => {
  const { world, moment } = await restorable(1);
  world.erp.edit('party', 'e0', { NAME: 'since' });
  await world.minutes(3);
  await world.setBack(moment);
  world.crm.edit('contact', 'c0', { name: 'start0' });
  const planned = await startRun(world.quiet, {
    ...{ tenantId, connectionId, kind: 'compare', scope: { kind: 'connection' }, dryRun: true },
    trigger: { by: 'user' },
  });
  await world.drain();
  const { items } = await world.quiet.changeLog.list(tenantId, { runId: planned.id }, { limit: 10 });
  const told = { side: 'crm', oldValue: 'start0', newValue: 'since', rule: 'changed-in-erp' };
  expect(items).toMatchObject([{ ...told, outcome: 'planned' }]);
  await world.quiesce();
  expect(await world.log()).toContainEqual(expect.objectContaining({ ...told, outcome: 'written' }));
});

test('a link made since that moment is gone, its records are as they were, and it can be made again', async () => {
  const { world, moment } = await restorable(1);
  await world.link(1);
  await world.minutes(3);
  world.crm.edit('contact', 'c1', { name: 'edited' });
  await world.minutes(3);
  const before = writes(world);
  await world.setBack(moment);
  expect(await world.quiet.links.get(tenantId, world.linkId(1))).toBeUndefined();
  await world.quiesce();
  expect(writes(world)).toBe(before);
  expect(world.erp.valuesOf('party', 'e1').NAME).toBe('edited');
  const made = await world.quiet.links.get(tenantId, world.linkId(0));
  if (!made) throw new Error('it is older');
  const again = {
    ...({ id: 'again', state: 'pending', revision: 1, fieldStates: {}, seen: {} } as const),
    ends: { crm: { ...made.ends.crm, key: 'c1' }, erp: { ...made.ends.erp, key: 'e1' } },
  };
  const due = { tenantId, connectionId, linkId: 'again', sequence: 'again' };
  expect(await world.quiet.links.connect({ ...made, ...again }, due)).toMatchObject({ result: 'connected' });
});

test('a disconnect made since that moment is undone with it, and what people edit travels again', async () => {
  const { world, moment } = await restorable(1);
  await world.disconnect(0);
  await world.setBack(moment);
  world.crm.edit('contact', 'c0', { name: 'after' });
  await world.quiesce();
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('after');
});
