/** One text over many different ones, and fields that get one another's values: what imports do that go wrong. */
import { expect, test } from 'vitest';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { bookFaults } from '../property/books.ts';
import { connectionId, type FieldSpec, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';
import { answerAll, brakesOf, setAllowances } from './brakes-of.ts';

const fields: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'phone', direction: 'both' },
  { name: 'street', direction: 'both' },
];
const links = 40;

async function fresh(): Promise<World> {
  const world = await atRest({ fields, links, pageSize: 100 });
  for (let at = 0; at < links; at += 1) {
    world.erp.edit('party', `e${at}`, { NAME: `Name ${at}`, PHONE: `+31 20 ${1000 + at}`, STREET: `Street ${at}` });
  }
  await world.minutes(2);
  world.nowMs += 60_000;
  return world;
}

function editAll(world: World, values: (at: number) => Record<string, string>, many = links): void {
  for (let at = 0; at < many; at += 1) world.erp.edit('party', `e${at}`, values(at));
}

function written(world: World, value: string, field = 'phone'): string[] {
  return world.crm.written.filter(({ values }) => values[field] === value).map(({ key }) => key);
}

async function pollOnce(world: World): Promise<void> {
  await world.poll();
  await world.drain();
}

test('of one number that comes to everybody no more than twenty replace one of their own', async () => {
  const world = await fresh();
  editAll(world, (at) => ({ PHONE: '+31 20 999', NAME: `New ${at}` }));
  await pollOnce(world);
  expect(written(world, '+31 20 999')).toHaveLength(20);
  expect(world.crm.valuesOf('contact', 'c39').name).toBe('New 39');
  expect(await brakesOf(world)).toMatchObject([{ kind: 'uniform', withheld: 20 }]);
  const [run] = await world.runs();
  expect(run).toMatchObject({ state: 'stopped-by-brake', reason: 'uniform' });
  expect(await failuresOf(world)).toMatchObject([{ reason: 'braked-uniform', kind: 'rejected' }]);
  expect(await bookFaults(world)).toEqual([]);
});

test('while the brake stands the same number comes to nobody, alone neither, and others do', async () => {
  const world = await fresh();
  editAll(world, () => ({ PHONE: '+31 20 999' }), 30);
  await pollOnce(world);
  world.erp.edit('party', 'e35', { PHONE: '+31 20 999' });
  world.erp.edit('party', 'e36', { PHONE: '+31 20 555' });
  await world.minutes(1);
  await world.quiesce();
  expect(written(world, '+31 20 999')).toHaveLength(20);
  expect(world.crm.valuesOf('contact', 'c36').phone).toBe('+31 20 555');
});

test('a message that killed its workers is cut into single links, and no more of them get the number', async () => {
  const world = await fresh();
  editAll(world, () => ({ PHONE: '+31 20 999' }));
  await world.poll();
  while (world.messages.every(({ message }) => message.kind !== 'look')) {
    const [next] = world.ready();
    if (!next) throw new Error('a look comes');
    await world.handle(next, world.quiet);
    world.acknowledge(next);
  }
  for (const queued of world.messages) if (queued.message.kind === 'look') queued.receives = 2;
  await world.drain();
  expect(written(world, '+31 20 999')).toHaveLength(20);
});

test('a withheld number that is put right goes on, and the brake lifts once all are', async () => {
  const world = await fresh();
  editAll(world, () => ({ PHONE: '+31 20 999' }), 22);
  await pollOnce(world);
  const left = (await world.links()).filter(({ withheld }) => withheld?.uniform);
  expect(left).toHaveLength(2);
  for (const { ends } of left) world.erp.edit('party', ends.erp.key, { PHONE: `+31 20 777${ends.erp.key.slice(1)}` });
  await world.minutes(1);
  expect(await brakesOf(world)).toEqual([]);
  expect(await dueOf(world)).toEqual([]);
  expect(await failuresOf(world)).toEqual([]);
});

test('continue writes the number to all, drop holds it', async () => {
  for (const [answer, all] of [
    ['continue', links],
    ['drop', 20],
  ] as const) {
    const world = await fresh();
    editAll(world, () => ({ PHONE: '+31 20 999' }));
    await pollOnce(world);
    await answerAll(world, answer);
    expect(new Set(written(world, '+31 20 999')).size).toBe(all);
    expect(await brakesOf(world)).toEqual([]);
    expect(await dueOf(world)).toEqual([]);
    const held = (await world.links()).filter((link) => world.fieldState(link, 'phone')?.held === 'dropped');
    expect(held).toHaveLength(links - all);
  }
});

test('one value in place of few different ones is a person who sets it, for however many', async () => {
  const world = await fresh();
  editAll(world, (at) => ({ STREET: `Terms ${at % 4}` }));
  await world.minutes(2);
  editAll(world, () => ({ STREET: 'Terms 9' }));
  await world.minutes(2);
  expect(world.crm.valuesOf('contact', 'c39').street).toBe('Terms 9');
  expect(await brakesOf(world)).toEqual([]);
});

test('of exchanged columns ten links get theirs, the rest is withheld and asked', async () => {
  const world = await fresh();
  editAll(world, (at) => ({ NAME: `Street ${at}`, STREET: `Name ${at}`, PHONE: `+31 30 ${1000 + at}` }));
  await pollOnce(world);
  const swapped = world.crm.written.filter(({ values }) => values.name?.toString().startsWith('Street'));
  expect(swapped).toHaveLength(10);
  expect(world.crm.valuesOf('contact', 'c39')).toMatchObject({ name: 'Name 39', phone: '+31 30 1039' });
  expect(await brakesOf(world)).toMatchObject([{ kind: 'swaps', withheld: 30 }]);
  await answerAll(world, 'continue');
  expect(world.crm.valuesOf('contact', 'c39')).toMatchObject({ name: 'Street 39', street: 'Name 39' });
  expect(await brakesOf(world)).toEqual([]);
});

test('what several brakes held back of one link is dropped and logged, all of it', async () => {
  const world = await fresh();
  await setAllowances(world, 0);
  editAll(world, (at) => ({ NAME: `Street ${at}`, STREET: `Name ${at}`, PHONE: '+31 20 999' }));
  await pollOnce(world);
  expect((await brakesOf(world)).map(({ kind }) => kind).sort()).toEqual(['swaps', 'uniform']);
  await answerAll(world, 'drop');
  const dropped = (await world.log()).filter(({ linkId, rule }) => linkId === 'link7' && rule === 'dropped');
  expect(dropped.map(({ crmField }) => crmField).sort()).toEqual(['name', 'phone', 'street']);
});

test('what is withheld of a resync is done as that once a person says continue', async () => {
  const world = await fresh();
  await world.switchConnection('inactive');
  editAll(world, () => ({ PHONE: '+31 20 999' }));
  for (let at = 0; at < links; at += 1) world.crm.edit('contact', `c${at}`, { phone: `+31 40 ${at}` });
  await world.switchConnection('active');
  await startRun(world.quiet, {
    ...{ tenantId, connectionId, kind: 'resync-from-erp' },
    ...{ scope: { kind: 'connection' }, trigger: { by: 'user' } },
  });
  await world.drain();
  await world.quiesce();
  expect(written(world, '+31 20 999')).toHaveLength(20);
  expect(world.erp.valuesOf('party', 'e39').PHONE).toBe('+31 20 999');
  await answerAll(world, 'continue');
  expect(new Set(written(world, '+31 20 999')).size).toBe(links);
});
