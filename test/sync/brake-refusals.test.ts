/** A system that refuses one write after the other is left alone with them, but for one link an hour that tries for all. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { brakeFailureId } from '../../functions/core/model/failure.ts';
import { connectionId, type FieldSpec, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';
import { answerAll, brakesOf, setAllowances } from './brakes-of.ts';

const fields: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'phone', direction: 'both' },
];
const links = 100;
/** What a chunk of this world holds. */
const ofAMessage = 20;

/** An ERP that can be made to refuse a field whatever is sent. */
class Refusing {
  field: string | undefined;
  readonly asked: string[] = [];

  async world(namesRefused = true): Promise<World> {
    const erpRefuses = (field: string, value: unknown) => {
      if (this.field !== field) return undefined;
      this.asked.push(String(value));
      return 'A country is needed.';
    };
    return atRest({ fields, links, pageSize: ofAMessage, erpRefuses, erpNamesRefused: namesRefused });
  }
}

function editAll(world: World, values: (at: number) => Record<string, string>, many = links): void {
  for (let at = 0; at < many; at += 1) world.crm.edit('contact', `c${at}`, values(at));
}

async function pollOnce(world: World): Promise<void> {
  await world.poll();
  await world.drain();
}

test('after fifty links that were refused a field no message sends it, and all else is written', async () => {
  const erp = new Refusing();
  const world = await erp.world();
  erp.field = 'PHONE';
  editAll(world, (at) => ({ name: `Name ${at}`, phone: `${at}` }));
  await pollOnce(world);
  expect(new Set(erp.asked).size).toBeGreaterThanOrEqual(50);
  expect(new Set(erp.asked).size).toBeLessThanOrEqual(50 + ofAMessage);
  expect(world.erp.valuesOf('party', 'e99').NAME).toBe('Name 99');
  const [brake] = await brakesOf(world);
  expect(brake).toMatchObject({
    kind: 'refusals',
    refused: [{ side: 'erp', actorType: 'customer', field: 'PHONE~phone' }],
  });
  expect(brake?.withheld).toBe(links - new Set(erp.asked).size);
  const [run] = await world.runs();
  expect(run).toMatchObject({ state: 'stopped-by-brake', reason: 'refusals' });
  const failure = await world.quiet.failures.get(tenantId, brakeFailureId(connectionId, 'refusals'));
  expect(failure?.explanation).toContain('PHONE~phone of customer (erp)');
});

test('one link an hour tries for all; once it is taken the others follow by themselves, and the brake lifts', async () => {
  const erp = new Refusing();
  const world = await erp.world();
  erp.field = 'PHONE';
  editAll(world, (at) => ({ phone: `${at}` }));
  await pollOnce(world);
  const before = erp.asked.length;
  await world.quiesce();
  expect(erp.asked.length - before).toBeGreaterThan(0);
  expect(erp.asked.length - before).toBeLessThanOrEqual(6);
  expect(await brakesOf(world)).toHaveLength(1);
  const waiting = (await world.links()).filter(({ withheld }) => withheld?.refusals);
  erp.field = undefined;
  await world.quiesce();
  expect(await brakesOf(world)).toEqual([]);
  expect(await dueOf(world)).toEqual([]);
  for (const { ends } of waiting) {
    expect(world.erp.valuesOf('party', ends.erp.key).PHONE).toBe(ends.erp.key.slice(1));
  }
});

test('of two fields that are refused each has a link that tries for it: the one that is taken again does not wait for the other', async () => {
  const refused = new Set(['NAME', 'PHONE']);
  let names = 0;
  const erpRefuses = (field: string) => {
    if (field === 'NAME') names += 1;
    return refused.has(field) ? 'No.' : undefined;
  };
  const world = await atRest({ fields, links, pageSize: ofAMessage, erpRefuses });
  await setAllowances(world, 5);
  for (let at = 0; at < links; at += 1) {
    const field = at < 60 ? 'name' : 'phone';
    world.crm.edit('contact', `c${at}`, { [field]: `new ${at}` });
  }
  await pollOnce(world);
  expect((await brakesOf(world))[0]?.refused).toHaveLength(2);
  const waiting = (await world.links()).slice(60).filter(({ withheld }) => withheld?.refusals);
  expect(waiting.length).toBeGreaterThan(0);
  refused.delete('PHONE');
  names = 0;
  for (let hours = 0; hours < 2; hours += 1) {
    world.nowMs += 3_700_000;
    await pollOnce(world);
  }
  expect(names).toBe(2);
  expect(await brakesOf(world)).toMatchObject([{ refused: [{ field: 'NAME~name' }] }]);
  for (const { ends } of waiting) {
    expect(world.erp.valuesOf('party', ends.erp.key).PHONE).toBe(`new ${ends.erp.key.slice(1)}`);
  }
});

test('a brake that is set when all were refused stays for those that come: one tries, the others are withheld and asked', async () => {
  const erp = new Refusing();
  const world = await erp.world();
  await setAllowances(world, 5);
  erp.field = 'PHONE';
  editAll(world, (at) => ({ phone: `first ${at}` }), 8);
  await pollOnce(world);
  expect(await brakesOf(world)).toMatchObject([{ kind: 'refusals', withheld: 0 }]);
  for (let at = 20; at < 30; at += 1) world.crm.edit('contact', `c${at}`, { phone: `then ${at}` });
  await world.minutes(1);
  expect(erp.asked.filter((value) => value.startsWith('then'))).toHaveLength(1);
  const [run] = await world.runs();
  expect(await brakesOf(world)).toMatchObject([{ withheld: 9, runId: run?.id }]);
  await answerAll(world, 'drop');
  expect(await brakesOf(world)).toEqual([]);
});

test('the failure of the brake says what is refused and what becomes of it, and asks for an answer only where a run was stopped', async () => {
  const erp = new Refusing();
  const world = await erp.world();
  await setAllowances(world, 5);
  const told = async () =>
    (await world.quiet.failures.get(tenantId, brakeFailureId(connectionId, 'refusals')))?.explanation ?? '';
  erp.field = 'PHONE';
  editAll(world, (at) => ({ phone: `first ${at}` }), 8);
  await pollOnce(world);
  const found = await told();
  expect(found).toContain('PHONE~phone of customer (erp)');
  expect(found).toContain('one link an hour that tries for all');
  expect(found).not.toMatch(/continue|drop|0 links/);
  await expect(answerAll(world, 'drop')).rejects.toMatchObject({ kind: 'conflict' });
  for (let at = 20; at < 30; at += 1) world.crm.edit('contact', `c${at}`, { phone: `then ${at}` });
  await world.minutes(1);
  const stopped = await told();
  expect(stopped).toContain('9 links wait');
  expect(stopped).toContain('continue sends them, drop holds them');
  await answerAll(world, 'drop');
  expect(await brakesOf(world)).toEqual([]);
});

test('with nothing withheld the brake is over on the next day', async () => {
  const erp = new Refusing();
  const world = await erp.world();
  await setAllowances(world, 5);
  erp.field = 'PHONE';
  editAll(world, (at) => ({ phone: `first ${at}` }), 8);
  await pollOnce(world);
  await world.minutes(3);
  expect(await brakesOf(world)).toHaveLength(1);
  world.nowMs += 86_400_000;
  await world.minutes(1);
  expect(await brakesOf(world)).toEqual([]);
});

test('a run that withheld writes sets no brake at its end if one of them was taken since', async () => {
  const erp = new Refusing();
  const world = await erp.world();
  erp.field = 'PHONE';
  editAll(world, (at) => ({ phone: `${at}` }));
  await world.poll();
  for (let withheld = 0; withheld === 0; ) {
    const [next] = world.ready();
    if (!next) throw new Error('writes are withheld before the run ends');
    await world.handle(next, world.quiet);
    world.acknowledge(next);
    withheld = (await world.links()).filter((link) => link.withheld?.refusals).length;
  }
  expect(await brakesOf(world)).toHaveLength(1);
  erp.field = undefined;
  world.nowMs += 3_600_000;
  await world.drain();
  expect(await brakesOf(world)).toEqual([]);
  expect((await world.links()).filter((link) => link.withheld?.refusals).length).toBeGreaterThan(0);
  await world.quiesce();
  expect(await dueOf(world)).toEqual([]);
});

test('a system that names no field is asked by halves, and what it refuses alone counts the same', async () => {
  const erp = new Refusing();
  const world = await erp.world(false);
  erp.field = 'PHONE';
  editAll(world, (at) => ({ name: `Name ${at}`, phone: `${at}` }));
  await pollOnce(world);
  await world.quiesce();
  expect(await brakesOf(world)).toMatchObject([{ kind: 'refusals', refused: [{ field: 'PHONE~phone' }] }]);
  expect(new Set(erp.asked).size).toBeLessThanOrEqual(50 + ofAMessage + 6);
  expect(world.erp.valuesOf('party', 'e99').NAME).toBe('Name 99');
});

test('faulty records among many are refused one by one, and nothing is stopped', async () => {
  const world = await atRest({
    ...{ fields, links: 200, pageSize: ofAMessage },
    erpRefuses: (field, value) => (field === 'PHONE' && String(value).endsWith('x') ? 'no phone number' : undefined),
  });
  for (let at = 0; at < 200; at += 1) world.crm.edit('contact', `c${at}`, { phone: at % 3 === 0 ? `${at}x` : `${at}` });
  await pollOnce(world);
  expect(await brakesOf(world)).toEqual([]);
  expect(world.erp.valuesOf('party', 'e199').PHONE).toBe('199');
});

test('continue sends what was withheld, drop holds it', async () => {
  const erp = new Refusing();
  const world = await erp.world();
  erp.field = 'PHONE';
  editAll(world, (at) => ({ phone: `${at}` }));
  await pollOnce(world);
  const before = new Set(erp.asked).size;
  await answerAll(world, 'continue');
  expect(new Set(erp.asked).size).toBe(links);
  expect(before).toBeLessThan(links);
  expect(await brakesOf(world)).toEqual([]);

  const other = new Refusing();
  const dropping = await other.world();
  other.field = 'PHONE';
  editAll(dropping, (at) => ({ phone: `${at}` }));
  await pollOnce(dropping);
  const asked = new Set(other.asked).size;
  await answerAll(dropping, 'drop');
  expect(new Set(other.asked).size).toBe(asked);
  const held = (await dropping.links()).filter((link) => dropping.fieldState(link, 'phone')?.held === 'dropped');
  expect(held).toHaveLength(links - asked);
  expect(await brakesOf(dropping)).toEqual([]);
});

test('faulty records that come one a poll among good ones are failures of their own, and set no brake', async () => {
  const erpRefuses = (_field: string, value: unknown) => (String(value).startsWith('bad') ? 'No.' : undefined);
  const world = await atRest({ fields, links: 12, erpRefuses });
  await setAllowances(world, 2);
  for (let at = 0; at < 12; at += 1) {
    world.crm.edit('contact', `c${at}`, { phone: at % 2 === 0 ? `bad ${at}` : `good ${at}` });
    world.nowMs += 60_000;
    await pollOnce(world);
  }
  expect(await brakesOf(world)).toEqual([]);
  for (let at = 1; at < 12; at += 2) expect(world.erp.valuesOf('party', `e${at}`).PHONE).toBe(`good ${at}`);
});

test('records that our user may not write keep their failures while the brake holds them back, and lose them once they are written', async () => {
  const world = await atRest({ fields, links: 30, pageSize: ofAMessage });
  await setAllowances(world, 5);
  const { update } = world.erp;
  world.erp.update = async (_type, changes) =>
    changes.map(() => ({ outcome: 'failed', error: new SyncError('forbidden', 'A rule keeps our user from it.') }));
  editAll(world, (at) => ({ phone: `${at}` }), 10);
  await pollOnce(world);
  const forbidden = async () => (await failuresOf(world)).filter(({ kind }) => kind === 'forbidden');
  const before = await forbidden();
  expect(before).toHaveLength(10);
  expect(await brakesOf(world)).toMatchObject([{ kind: 'refusals' }]);
  for (let hours = 0; hours < 2; hours += 1) {
    world.nowMs += 3_700_000;
    await pollOnce(world);
  }
  expect((await world.links()).filter(({ withheld }) => withheld?.refusals)).toHaveLength(9);
  expect((await forbidden()).map(({ id, firstAt }) => [id, firstAt]).sort()).toEqual(
    before.map(({ id, firstAt }) => [id, firstAt]).sort(),
  );
  world.erp.update = update;
  await world.quiesce();
  expect(await brakesOf(world)).toEqual([]);
  expect(await failuresOf(world)).toEqual([]);
});
