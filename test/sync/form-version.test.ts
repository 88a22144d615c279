import { expect, test } from 'vitest';
import { tenantId } from '../property/world.ts';
import { atRest } from './at-rest.ts';

test('a new canonical form of an adapter writes nothing, and edits travel as ever after it', async () => {
  const world = await atRest({ fields: [{ name: 'phone', direction: 'both' }], links: 2 });
  const writes = () => world.crm.written.length + world.erp.written.length;
  const before = writes();
  world.erp.changeForm((value) => (value === null ? null : String(value).toUpperCase()));
  await world.compare();
  await world.drain();
  await world.quiesce();
  expect(writes()).toBe(before);
  const [link] = await world.links();
  expect(link?.forms).toEqual({ crm: 1, erp: 2 });
  world.erp.edit('party', 'e0', { PHONE: 'EDIT' });
  world.crm.edit('contact', 'c1', { phone: 'ours' });
  await world.minutes(2);
  expect(world.crm.valuesOf('contact', 'c0').phone).toBe('EDIT');
  expect(world.erp.valuesOf('party', 'e1').PHONE).toBe('ours');
  expect((await world.quiet.links.get(tenantId, 'link0'))?.openFailures).toEqual([]);
});
