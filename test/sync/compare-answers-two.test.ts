/** A comparison that a lost list depends on, answered by one that a person asked for and that is cut short. */
import { expect, test } from 'vitest';
import { cancelRun } from '../../functions/sync/runs/cancel-run.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId } from '../property/world.ts';
import { atRest } from './at-rest.ts';

test('what a list that begins anew depends on is compared although a comparison that somebody asked for is cancelled', async () => {
  const world = await atRest({ fields: [{ name: 'name', direction: 'both' }], links: 2 });
  await world.compare();
  const waiting = await world.compare();
  // The edit is listed by nobody: the list begins anew after it, as start-list-anew does.
  world.crm.edit('contact', 'c0', { name: 'new' });
  world.nowMs += 600_000;
  const scope = { kind: 'connection' } as const;
  const trigger = { by: 'upkeep' } as const;
  const answered = await startRun(world.quiet, { tenantId, connectionId, kind: 'compare', scope, trigger });
  expect(answered.id).not.toBe(waiting.id);
  const contacts = { tenantId, connectionId, side: 'crm', table: 'contact' } as const;
  const stored = await world.quiet.cursors.get(contacts);
  await world.quiet.cursors.store(contacts, await world.crm.start('contact'), stored?.revision ?? 0);
  // The first comparison had read its links before the edit: its looks never come, and the second is cancelled after
  // its links were detected.
  for (;;) {
    const list = world.messages.find(({ message }) => message.kind === 'detect');
    if (!list) break;
    world.acknowledge(list);
    await world.handle(list, world.quiet);
  }
  world.messages.length = 0;
  for (const run of await world.runs()) {
    if (run.state === 'running') await cancelRun(world.quiet, tenantId, run.id);
  }
  await world.minutes(10);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
});
