/** A look that records a part of its work, and whose rest another run does before it comes back to the link. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { bookFaults } from '../property/books.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest } from './at-rest.ts';

const named = (world: World) =>
  startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'links', linkIds: ['link0'] },
    linkIds: ['link0'],
    trigger: { by: 'user' },
  });

test('what a look recorded before another run finished its link is counted', async () => {
  let transactions: number | undefined;
  const world: World = await atRest({
    fields: [
      { name: 'name', direction: 'both' },
      { name: 'city', direction: 'both' },
    ],
    links: 1,
    gate: async (what) => {
      if (transactions === undefined) return;
      if (what === 'erp.update.sent' && transactions === 1) world.erp.edit('party', 'e0', { CITY: 'later' });
      if (what !== 'table.transact>') return;
      transactions += 1;
      if (transactions !== 2) return;
      // The CRM's part is recorded, the ERP's was stale: another run does it.
      world.nowMs += 10_000;
      const other = await named(world);
      const queued = world.messages.find(({ message }) => 'runId' in message && message.runId === other.id);
      if (!queued) throw new Error('it has a message');
      world.acknowledge(queued);
      await world.handle(queued, world.quiet);
    },
  });
  world.crm.edit('contact', 'c0', { name: 'new' });
  world.erp.edit('party', 'e0', { CITY: 'first' });
  world.nowMs += 60_000;
  await named(world);
  const [look] = world.messages;
  if (!look) throw new Error('it has a message');
  world.acknowledge(look);
  transactions = 0;
  await world.handle(look);
  transactions = undefined;
  await world.drain();
  expect(await bookFaults(world)).toEqual([]);
});

test('what a duplicate left unsettled of a link that has its result is counted once it is settled', async () => {
  let unreadable = true;
  let meets: ((what: string) => Promise<void>) | undefined;
  const world: World = await atRest({
    fields: [{ name: 'name', direction: 'both' }],
    links: 2,
    erpUnreadable: (key) =>
      key === 'e1' && unreadable ? new SyncError('transient', 'Just this one cannot be read.') : undefined,
    gate: async (what) => meets?.(what),
  });
  world.crm.edit('contact', 'c0', { name: 'first' });
  world.nowMs += 60_000;
  const linkIds = ['link0', 'link1'];
  const scope = { kind: 'links', linkIds } as const;
  await startRun(world.quiet, { tenantId, connectionId, kind: 'sync', scope, linkIds, trigger: { by: 'user' } });
  const [look] = world.messages;
  if (!look) throw new Error('it has a message');
  world.acknowledge(look);
  let isMet = false;
  meets = async (what) => {
    if (what === 'erp.update.answered') throw new SyncError('unknown-outcome', 'No answer came.');
    if (what !== 'crm.get.sent' || isMet) return;
    isMet = true;
    const gate = meets;
    meets = undefined;
    // The other delivery of the message is handled meanwhile, and then there is a further edit.
    await world.handle({ ...look }, world.quiet);
    world.nowMs += 10_000;
    world.crm.edit('contact', 'c0', { name: 'second' });
    world.nowMs += 10_000;
    meets = gate;
  };
  await world.handle(look);
  meets = undefined;
  unreadable = false;
  expect(isMet).toBe(true);
  await world.drain();
  await world.minutes(10);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('second');
  expect(await bookFaults(world)).toEqual([]);
});
