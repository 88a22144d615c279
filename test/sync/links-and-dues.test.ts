/** What somebody does between a look's read of a link and its read of that link's due item. */
import { expect, test } from 'vitest';
import { connectionId, tenantId } from '../property/world.ts';
import { atRest } from './at-rest.ts';

test('a link restored between the reads of the link and of its due item is looked at, by this look or the next poll', async () => {
  const world = await atRest({ fields: [{ name: 'name', direction: 'both' }], links: 2 });
  await world.quiet.dueItems.putMany([{ tenantId, connectionId, linkId: 'link0', sequence: 'first' }]);
  await world.poll();
  for (;;) {
    const list = world.ready().find(({ message }) => message.kind === 'detect');
    if (!list) break;
    world.acknowledge(list);
    await world.handle(list, world.quiet);
  }
  await world.disconnect(0);
  const { links, dueItems } = world.quiet;
  let linksRead = () => {};
  const areRead = new Promise<void>((resolve) => (linksRead = resolve));
  let met = false;
  const engine = {
    ...world.quiet,
    links: {
      ...links,
      getMany: async (...of: Parameters<typeof links.getMany>) => {
        const found = await links.getMany(...of);
        linksRead();
        return found;
      },
    },
    dueItems: {
      ...dueItems,
      getMany: async (...of: Parameters<typeof dueItems.getMany>) => {
        // The other read is answered first, and the person comes in between.
        await Promise.race([areRead, new Promise((resolve) => setTimeout(resolve, 50))]);
        if (!met) await world.restore(0);
        met = true;
        return dueItems.getMany(...of);
      },
    },
  };
  for (let [next] = world.ready(); next; [next] = world.ready()) {
    world.acknowledge(next);
    await world.handle(next, next.message.kind === 'look' ? engine : world.quiet);
  }
  expect(met).toBe(true);
  await world.minutes(15);
  expect(await world.quiet.links.get(tenantId, 'link0')).toMatchObject({ state: 'active' });
});
