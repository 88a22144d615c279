/** Crash equivalence: the worker dies at every single port call of a run, once before and once after the call's effect. */
import { expect, test } from 'vitest';
import { hasEnded } from '../../functions/core/model/run.ts';
import { World } from '../property/world.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
] as const;

interface Outcome {
  readonly crm: unknown;
  readonly erp: unknown;
  readonly calls: number;
  readonly unfinished: number;
  readonly due: number;
}

/** Edits on both sides, then a poll whose messages are handled by a worker that dies at port call `dieAt`. */
async function runWithDeath(dieAt: number): Promise<Outcome> {
  let calls = 0;
  let armed = false;
  const world = new World({
    fields,
    links: 3,
    gate: async () => {
      if (!armed) return;
      calls += 1;
      if (calls === dieAt) {
        armed = false;
        died();
        await new Promise(() => {});
      }
    },
  });
  let died = () => {};
  await world.setUp();
  await world.quiesce();
  world.nowMs += 60_000;
  world.crm.edit('contact', 'c0', { name: 'from the CRM' });
  world.erp.edit('party', 'e0', { CITY: 'from the ERP' });
  world.crm.edit('contact', 'c1', { name: 'clash in the CRM' });
  world.erp.edit('party', 'e1', { NAME: 'clash in the ERP' });
  world.erp.removeRecord('party', 'e2');
  world.crm.edit('contact', 'c2', { city: 'its actor is gone' });
  await world.poll();
  for (let step = 0; world.messages.length > 0 && step < 500; step += 1) {
    const [first] = world.ready();
    if (!first) break;
    armed = calls < dieAt;
    const death = new Promise<'died'>((resolve) => {
      died = () => resolve('died');
    });
    const end = await Promise.race([world.handle(first).then(() => 'handled' as const), death]);
    armed = false;
    if (end === 'handled') world.acknowledge(first);
  }
  await world.quiesce();
  const runs = await world.runs();
  const due = await world.quiet.dueItems.list('tenant1', 'conn1', 100);
  const valuesOf = (side: 'crm' | 'erp') =>
    [0, 1, 2].map((at) =>
      side === 'crm' ? world.crm.valuesOf('contact', `c${at}`) : world.erp.valuesOf('party', `e${at}`),
    );
  return {
    crm: valuesOf('crm'),
    erp: valuesOf('erp'),
    calls,
    unfinished: runs.filter((run) => !hasEnded(run.state)).length,
    due: due.items.length,
  };
}

test('a worker killed at any port call leaves the end state of an undisturbed run', async () => {
  const undisturbed = await runWithDeath(Number.POSITIVE_INFINITY);
  expect(undisturbed).toMatchObject({ unfinished: 0, due: 0 });
  expect(undisturbed.crm).toMatchObject([
    { name: 'from the CRM', city: 'from the ERP' },
    { name: 'clash in the CRM' },
    {},
  ]);
  expect(undisturbed.calls).toBeGreaterThan(50);
  for (let dieAt = 1; dieAt <= undisturbed.calls; dieAt += 1) {
    const { calls: _calls, ...after } = await runWithDeath(dieAt);
    const { calls: _all, ...expected } = undisturbed;
    expect(after, `killed at port call ${dieAt}`).toEqual(expected);
  }
});
