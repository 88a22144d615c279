/** What a look leaves when a write, or a read, is not what it seems. */
import { expect, test } from 'vitest';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { bookFaults } from '../property/books.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf } from './at-rest.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
  { name: 'terms', direction: 'toCrm' },
] as const;

const twoAtRest = () => atRest({ fields, links: 2 });

function start(world: World, kind: 'sync' | 'compare', dryRun: boolean) {
  return startRun(world.quiet, {
    tenantId,
    connectionId,
    kind,
    scope: { kind: 'connection' },
    trigger: { by: 'user' },
    dryRun,
  });
}

test('a write whose adapter broke over the answer is found there, logged and counted, and not made twice', async () => {
  const world = await twoAtRest();
  world.crm.edit('contact', 'c0', { name: 'new' });
  world.erp.breakOverNextWrite();
  await world.minutes(4);
  expect(world.erp.written.filter((one) => one.key === 'e0')).toHaveLength(1);
  expect(await world.log()).toMatchObject([{ linkId: 'link0', newValue: 'new', outcome: 'settled' }]);
  expect(await bookFaults(world)).toEqual([]);
});

test('a record that one read misses and the next finds keeps its link', async () => {
  for (const side of ['crm', 'erp'] as const) {
    const world = await twoAtRest();
    world.crm.edit('contact', 'c0', { name: 'new' });
    world[side].hideOnce(side === 'crm' ? 'c0' : 'e0');
    await world.minutes(1);
    expect((await world.links()).map((link) => link.state)).toEqual(['active', 'active']);
    expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
  }
});

test('an edit made between the read of the due items and the read of the records is not lost', async () => {
  let between: (() => Promise<void>) | undefined;
  const world = await atRest({
    fields,
    links: 2,
    gate: async (what) => {
      if (what !== 'erp.get.answered') return;
      const now = between;
      between = undefined;
      await now?.();
    },
  });
  world.crm.edit('contact', 'c0', { name: 'first' });
  await world.poll();
  between = async () => {
    // The list has shown the new edit and made the link due again; both records have been read already.
    world.crm.edit('contact', 'c0', { city: 'later' });
    await world.quiet.dueItems.putMany([{ tenantId, connectionId, linkId: 'link0', sequence: 'fresh' }]);
  };
  await world.drain();
  expect(await dueOf(world)).toMatchObject([{ linkId: 'link0', sequence: 'fresh' }]);
  await world.minutes(2);
  expect(world.erp.valuesOf('party', 'e0').CITY).toBe('later');
});

test('a dry run moves no cursor, takes no due item and leaves every change to the run that follows', async () => {
  for (const kind of ['sync', 'compare'] as const) {
    const world = await twoAtRest();
    world.crm.edit('contact', 'c0', { name: 'new' });
    world.erp.edit('party', 'e1', { TERMS: '30 days' });
    const due = { tenantId, connectionId, linkId: 'link0', sequence: 'before' };
    await world.quiet.dueItems.putMany([due]);
    // Further back than a list overlaps.
    world.nowMs += 30_000;
    await start(world, kind, true);
    await world.drain();
    expect(await dueOf(world)).toEqual([due]);
    expect([world.crm.written, world.erp.written]).toEqual([[], []]);
    await world.quiet.dueItems.remove(due);
    await start(world, 'sync', false);
    await world.drain();
    expect(world.erp.valuesOf('party', 'e0').NAME, kind).toBe('new');
    expect(world.crm.valuesOf('contact', 'c1').terms, kind).toBe('30 days');
  }
});

test('a dry run makes no call for each record that is unchanged', async () => {
  const callsFor = async (links: number): Promise<number> => {
    let calls = 0;
    const gate = async (what: string) => {
      if (what.startsWith('table.') && !what.endsWith('>')) calls += 1;
    };
    const world = await atRest({ fields, links, pageSize: 100, gate });
    world.crm.edit('contact', 'c0', { name: 'new' });
    const run = await start(world, 'compare', true);
    for (const queued of world.messages) await world.handle(queued);
    expect((await world.quiet.runs.get(tenantId, run.id))?.counters).toMatchObject({ lookedAt: links, changed: 1 });
    return calls;
  };
  expect(await callsFor(24)).toBe(await callsFor(4));
});
