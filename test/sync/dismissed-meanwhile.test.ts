/** A person dismisses a failure while the engine closes it, and opens it again. */
import { expect, test } from 'vitest';
import { dismissFailure } from '../../functions/features/failures/dismiss-failure.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, failuresOf } from './at-rest.ts';

async function compare(world: World): Promise<void> {
  await world.compare();
  await world.drain();
}

test('a failure that closed and opened again while it was dismissed never stays listed on its link alone', async () => {
  let reads = 0;
  let meanwhile = async (_what: string) => {};
  const gate = (what: string) => meanwhile(what);
  const world = await atRest({ fields: [{ name: 'name', direction: 'both' }], links: 1, gate });
  world.erp.removeRecord('party', 'e0');
  await compare(world);
  meanwhile = async (what) => {
    if (what === 'table.get') reads += 1;
    // Around the read of the link, which comes after that of the failure.
    if (reads !== 2) return;
    if (what === 'table.get') world.erp.edit('party', 'e0', { NAME: 'back' });
    else if (what === 'table.get>') world.erp.removeRecord('party', 'e0');
    else return;
    await compare(world);
  };
  await dismissFailure(world.engine, { tenantId, caller: 'key', role: 'admin' }, 'link0');
  const [link] = await world.links();
  expect(link).toMatchObject({ state: 'broken' });
  expect((await failuresOf(world)).map(({ id }) => id)).toEqual(link?.openFailures);
  const { customer } = await world.quiet.connections.summary(tenantId, connectionId);
  expect(customer?.failures).toBe(link?.openFailures.length);
});
