import { expect, test } from 'vitest';
import type { RecordSystem } from '../../functions/ports/record-system.ts';
import type { Engine } from '../../functions/sync/engine.ts';
import { dispatchPoll } from '../../functions/sync/runs/dispatch-poll.ts';
import { connectionId, tenantId, World } from '../property/world.ts';

test('a worker opens its share of calls, and shares it among the types that it writes', async () => {
  const world = new World({ links: 40, fields: [{ name: 'name', direction: 'both' }], pageSize: 200 });
  await world.setUp();
  const poll = async (engine: Engine) => {
    world.nowMs += 61_000;
    await dispatchPoll(engine, { tenantId, connectionId });
    for (let [next] = world.ready(); next; [next] = world.ready()) {
      world.acknowledge(next);
      await world.handle(next, engine);
    }
  };
  await poll(world.quiet);
  for (let at = 0; at < 40; at += 1) world.crm.edit('contact', `c${at}`, { name: `changed${at}` });
  const told: (number | undefined)[] = [];
  let open = 0;
  let mostOpen = 0;
  const update: RecordSystem['update'] = async (type, writes, fields, callsAtOnce) => {
    told.push(callsAtOnce);
    open += callsAtOnce ?? 0;
    mostOpen = Math.max(mostOpen, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= callsAtOnce ?? 0;
    return world.erp.update(type, writes, fields);
  };
  const erp: RecordSystem = Object.assign(Object.create(world.erp), { update });
  await poll({ ...world.quiet, systems: { ...world.quiet.systems, erp: async () => erp } });
  // 8 calls may be open to the ERP and 4 messages in hand: a share of 2, for four updates of ten records.
  expect(told).toEqual([1, 1, 1, 1]);
  expect(mostOpen).toBe(2);
});
