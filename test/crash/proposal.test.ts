/** A worker dies at every single port call while a mapping is tried: what that run says in the end is the same. */
import { expect, test } from 'vitest';
import { hasEnded } from '../../functions/core/model/run.ts';
import { startProposed } from '../../functions/sync/runs/start-proposed.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { Attack, redeliveries } from './deaths.ts';

const options = {
  fields: [
    { name: 'name', direction: 'both' },
    { name: 'terms', direction: 'toCrm' },
    { name: 'note', direction: 'toErp' },
  ],
  links: 4,
} as const;

/** Terms go to the note as well: a row that no link has a state of. */
async function propose(world: World): Promise<string> {
  const setup = await world.quiet.connections.getWholeSetup(tenantId, connectionId);
  const [type] = setup?.actorTypes ?? [];
  const named = type?.fields.filter(({ erpField }) => erpField !== 'NOTE') ?? [];
  const [name, terms] = named;
  if (!setup || !type || !name || !terms) throw new Error('the connection has a mapping');
  const mapping = { active: true, fields: [name, { ...terms, crmField: 'note' }] };
  return (await startProposed(world.quiet, { setup, caller: 'key1', actorType: type.actorType, mapping })).id;
}

async function play(dieAt: number, redeliveredAfterMs: number) {
  const attack = new Attack(options, dieAt, redeliveredAfterMs);
  const { world } = attack;
  await world.setUp();
  for (let at = 0; at < options.links; at += 1) world.erp.edit('party', `e${at}`, { TERMS: `${at} days` });
  await world.minutes(2);
  const before = { crm: world.crm.written.length, erp: world.erp.written.length, links: await world.links() };
  const runId = await propose(world);
  await attack.drain();
  await world.minutes(20);
  const run = await world.quiet.runs.get(tenantId, runId);
  const changes = await world.quiet.changeLog.list(tenantId, { runId }, { limit: 100 });
  return {
    calls: attack.calls,
    where: attack.where,
    ended: run !== undefined && hasEnded(run.state) && run.state !== 'failed',
    told: {
      tallies: run?.tallies,
      changed: run?.counters.changed,
      writtenToCrm: run?.counters.writtenToCrm,
      lookedAt: run?.counters.lookedAt,
      planned: changes.items.map(({ linkId, newValue }) => `${linkId} ${newValue}`).sort(),
    },
    untouched: {
      written: [world.crm.written.length - before.crm, world.erp.written.length - before.erp],
      links: JSON.stringify(await world.links()) === JSON.stringify(before.links),
      due: (await world.quiet.dueItems.list(tenantId, connectionId, 100)).items.length,
      failures: (await world.quiet.failures.list(tenantId, {}, { limit: 100 })).items.length,
    },
  };
}

test('a death at any port call changes nothing of what a tried mapping is told to do, and writes nothing', async () => {
  const undisturbed = await play(0, 0);
  expect(undisturbed.told).toMatchObject({
    tallies: { 'write-1-crm': options.links, 'records-crm': options.links },
    changed: options.links,
    lookedAt: options.links,
  });
  expect(undisturbed.calls).toBeGreaterThan(20);
  for (let dieAt = 0; dieAt <= undisturbed.calls; dieAt += 1) {
    const afterMs = redeliveries[dieAt % redeliveries.length] ?? 0;
    const { told, untouched, ended, where } = await play(dieAt, afterMs);
    const what = `died at call ${dieAt} (${where}), delivered again after ${afterMs} ms`;
    expect({ told, untouched, ended }, what).toEqual({
      told: undisturbed.told,
      untouched: { written: [0, 0], links: true, due: 0, failures: 0 },
      ended: true,
    });
  }
});
