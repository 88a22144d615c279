/** A file is applied, and the function dies at each call of the table. */
import { expect, test } from 'vitest';
import type { ApiWorld } from '../features/api-world.ts';
import { apply, exported, type File, filled, plan, wholeWorld } from '../features/config/config-world.ts';
import { addConnection } from '../features/set-up-steps.ts';

/** Changes one connection in all its parts, makes another, and puts both before a third, which keeps its connector's new address. */
function changed(file: File): File {
  const [first, second] = file.connections;
  const { customer } = first.actorTypes;
  const other = {
    ...structuredClone(first),
    ...{ description: 'In Antwerp', intervalMinutes: 9 },
    config: { ...first.config, timeout: 60 },
    actorTypes: { customer: { ...customer, fields: customer.fields.slice(0, -1), defaults: [] } },
    lists: [{ ...first.lists[0], pairs: first.lists[0].pairs.slice(1) }],
  };
  const moved = file.connectors.map((one: File) =>
    one.name === second.connector ? { ...one, url: 'https://moved.example.com' } : one,
  );
  return { version: 1, connectors: moved, connections: [{ ...structuredClone(first), name: 'New' }, second, other] };
}

const byName = (file: File): Map<string, string> =>
  new Map(file.connections.map((one: File) => [one.name, JSON.stringify(one)]));

/** How often each act was done to each connection. */
async function actsOf(world: ApiWorld): Promise<string[]> {
  const { json } = await world.send('GET', '/v1/audit?limit=200');
  return json.items.map(({ act, subject }: File) => `${act} ${subject.name ?? ''}`).toSorted();
}

async function play(dieAt: number) {
  const world = await wholeWorld();
  await addConnection(world, 'Second');
  const before = await exported(world);
  const file = filled(changed(before));
  let calls = 0;
  world.storageGate = () => {
    calls += 1;
    if (dieAt > 0 && calls >= dieAt) throw new Error('dead');
  };
  await apply(world, file);
  world.storageGate = () => {};
  const left = await exported(world);
  // The turn of the one that died runs out.
  world.nowMs += 35_000;
  const again = await apply(world, file);
  const done = await exported(world);
  const last = await plan(world, file);
  return { calls, before, left, again, done, same: last.json.same, acts: await actsOf(world), file };
}

test('a death at any call of the table leaves each connection as it was or as the file says, and the same file goes on', async () => {
  const whole = await play(0);
  expect(whole.same).toBe(true);
  expect(whole.left).toEqual(whole.done);
  expect(whole.calls).toBeGreaterThan(15);
  const [before, after] = [byName(whole.before), byName(whole.done)];
  let stayed = 0;
  for (let dieAt = 1; dieAt <= whole.calls; dieAt += 1) {
    const { left, again, done, same, acts } = await play(dieAt);
    for (const [name, one] of byName(left)) {
      expect([before.get(name), after.get(name)], `${name}, died at call ${dieAt}`).toContain(one);
      if (one === before.get(name)) stayed += 1;
    }
    expect([again.status, done, same], `died at call ${dieAt}`).toEqual([200, whole.done, true]);
    expect(acts, `died at call ${dieAt}`).toEqual(whole.acts);
  }
  expect(stayed).toBeGreaterThan(whole.calls);
});
