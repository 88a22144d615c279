/** Public reports of several systems on one record, and of imports and outages that do harm to many at once. */
import { expect, test } from 'vitest';
import type { Run } from '../../functions/core/model/run.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { ApiWorld } from '../features/api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../features/set-up-steps.ts';
import { Hub } from '../property/hub.ts';
import { connectionId, type FieldSpec, tenantId, type World } from '../property/world.ts';
import { atRest, failuresOf } from '../sync/at-rest.ts';
import { brakesOf } from '../sync/brakes-of.ts';
import { editCrm, editErp, inCrm, inErp, metAtRest, stored, twoTexts } from './met-at-rest.ts';

const connections = [connectionId, 'conn2', 'conn3'] as const;

/** A customer of three companies, each with books of its own, in agreement. */
async function threeCompanies(): Promise<Hub> {
  const hub = new Hub({ fields: twoTexts, links: 1 }, [{ id: 'conn2' }, { id: 'conn3' }]);
  await hub.setUp();
  await hub.quiesce();
  return hub;
}

async function pollOf(hub: Hub, id: string): Promise<void> {
  hub.nowMs += 60_000;
  await hub.poll(hub.quiet, id);
  await hub.drain();
}

test('a customer of three shops has a link of each, and what one of them changes reaches all', async () => {
  const hub = await threeCompanies();
  hub.erpOf('conn3').edit('party', 'e0', { PHONE: '030' });
  await hub.quiesce();
  expect(hub.held(0, 'phone')).toEqual(['030', '030', '030', '030']);
  for (const id of connections) expect(await hub.linksOf(id)).toMatchObject([{ state: 'active' }]);
  const writes = hub.writes();
  await hub.compareAll();
  expect(hub.writes()).toBe(writes);
});

test('of edits in two systems the same one wins, whoever is synchronised first and however often', async () => {
  const orders = [
    ['conn2', 'conn3', 'conn3'],
    ['conn3', 'conn2'],
    ['conn3', 'conn3', 'conn2', 'conn3'],
  ];
  for (const order of orders) {
    const hub = await threeCompanies();
    for (const id of ['conn2', 'conn3']) hub.erpOf(id).edit('party', 'e0', { NAME: `of ${id}` });
    for (const id of order) await pollOf(hub, id);
    await hub.quiesce();
    expect(hub.held(0, 'name')).toEqual(Array(4).fill('of conn2'));
  }
});

const many = 60;
const address: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'email', direction: 'both' },
  ...['street', 'zip', 'city'].map((name): FieldSpec => ({ name, direction: 'both', group: 'address' })),
];

/** Customers with an address and a mail address of their own. */
async function customers(): Promise<World> {
  const world = await atRest({ fields: address, links: many, pageSize: 100 });
  for (let at = 0; at < many; at += 1) {
    const email = `${at}@x.example`;
    editErp(world, { EMAIL: email, STREET: `Kade ${at}`, ZIP: `${1000 + at} AA`, CITY: `Town ${at}` }, at);
  }
  await world.minutes(2);
  world.nowMs += 60_000;
  return world;
}

function withValue(world: World, field: string, isIt: (value: unknown, at: number) => boolean): number {
  return Array.from({ length: many }, (_, at) => isIt(inErp(world, at)[field], at)).filter(Boolean).length;
}

test('an import that gives everybody the mail address of the first reaches twenty at most, and is listed', async () => {
  const world = await customers();
  for (let at = 1; at < many; at += 1) editCrm(world, { email: '0@x.example', name: `New ${at}` }, at);
  await world.minutes(3);
  expect(withValue(world, 'EMAIL', (value) => value === '0@x.example')).toBe(21);
  expect(withValue(world, 'NAME', (value, at) => value === `New ${at}`)).toBe(many - 1);
  expect(await failuresOf(world)).toMatchObject([{ reason: 'braked-uniform' }]);
});

test('an import that puts the parts of an address in the next field reaches ten at most, no part of one alone', async () => {
  const world = await customers();
  for (let at = 0; at < many; at += 1) {
    const { street = null, city = null } = inCrm(world, at);
    editCrm(world, { street: null, zip: city, city: street }, at);
  }
  await world.minutes(3);
  expect(withValue(world, 'CITY', (value, at) => value === `Kade ${at}`)).toBeLessThanOrEqual(10);
  const whole = (at: number) => Object.values(inErp(world, at)).slice(2).join();
  const shapes = Array.from({ length: many }, (_, at) =>
    [`Kade ${at},${1000 + at} AA,Town ${at}`, `,Town ${at},Kade ${at}`].indexOf(whole(at)),
  );
  expect(shapes).not.toContain(-1);
  expect((await brakesOf(world)).length).toBeGreaterThan(0);
});

test('records that a system refuses one and all are sent once each, and after fifty no more', async () => {
  let refused = 0;
  const world = await atRest({
    fields: twoTexts,
    links: 150,
    pageSize: 10,
    erpRefuses: (field) => {
      if (field !== 'PHONE') return undefined;
      refused += 1;
      return 'A field is missing.';
    },
  });
  for (let at = 0; at < 150; at += 1) editCrm(world, { phone: `+31 30 ${at}` }, at);
  await world.minutes(5);
  const once = refused;
  expect(once).toBeLessThan(120);
  await world.minutes(30);
  expect(refused).toBeLessThanOrEqual(once + 2);
  expect(await brakesOf(world)).toMatchObject([{ kind: 'refusals' }]);
});

async function ran(world: World, kind: Run['kind'], noBlanks = false): Promise<void> {
  const scope = { kind: 'connection' } as const;
  await startRun(world.quiet, { tenantId, connectionId, kind, scope, noBlanks, trigger: { by: 'user' } });
  await world.drain();
}

test('a system that shows none of its records for a while wipes nothing on the other side, and all go on', async () => {
  const lists = { listMissesDeletes: true };
  const { world } = await metAtRest({ links: 20, pageSize: 100, crm: lists, erp: lists });
  for (let at = 0; at < 20; at += 1) world.erp.removeRecord('party', `e${at}`);
  await ran(world, 'sweep');
  const states = async () => (await world.links()).map(({ state }) => state);
  expect((await states()).filter((state) => state === 'broken')).toHaveLength(3);
  expect(await failuresOf(world)).toContainEqual(expect.objectContaining({ reason: 'braked-breaks' }));
  expect(world.crm.written).toEqual([]);
  for (let at = 0; at < 20; at += 1) editErp(world, { NAME: `start${at}`, PHONE: `start${at}` }, at);
  await ran(world, 'sweep');
  await world.quiesce();
  expect(new Set(await states())).toEqual(new Set(['active']));
  expect(await failuresOf(world)).toEqual([]);
});

test('a deleted record is made again by nobody, whatever is run', async () => {
  const { world } = await metAtRest({ links: 2 });
  world.erp.removeRecord('party', 'e0');
  editCrm(world, { name: 'still edited' });
  for (const kind of ['sync', 'compare', 'resync-from-crm', 'sweep'] as const) await ran(world, kind);
  await world.quiesce();
  expect(world.erp.valuesOf('party', 'e0')).toEqual({});
  expect(stored(world, 'erp', 'NAME')).toEqual([]);
  expect(await world.links()).toMatchObject([{ state: 'broken' }, { state: 'active' }]);
});

test('a side without a value takes nothing away in a resync without blanks, from whichever side it is made', async () => {
  for (const kind of ['resync-from-crm', 'resync-from-erp'] as const) {
    const { world } = await metAtRest({ links: 1 });
    editCrm(world, { phone: null });
    editErp(world, { NAME: null });
    await ran(world, kind, true);
    expect([inCrm(world).name, inErp(world).PHONE]).toEqual(['start0', 'start0']);
    await world.minutes(5);
    await ran(world, 'compare');
    expect([inCrm(world).name, inErp(world).PHONE]).toEqual(['start0', 'start0']);
  }
});

test('a resync of records that agree meets no conflict and writes nothing', async () => {
  const { world } = await metAtRest({ links: 5 });
  for (const kind of ['resync-from-crm', 'resync-from-erp'] as const) await ran(world, kind);
  expect([...world.crm.written, ...world.erp.written]).toEqual([]);
  expect((await world.runs()).every(({ counters }) => counters.conflicts === 0)).toBe(true);
});

test('a conflict that a person has decided does not come back, whichever side was kept', async () => {
  for (const keep of ['crm', 'erp'] as const) {
    const world = new ApiWorld();
    const id = await activeConnection(world);
    addRecords(world, 1);
    await connect(world, id, pair(1));
    await world.work();
    await world.change('PATCH', `/v1/connections/${id}`, { conflictPolicy: { kind: 'ask' } });
    world.nowMs += 60_000;
    world.erp.edit('party', 'p1', { PHONE: '+31 71' });
    world.crm.edit('contact', 'c1', { phone: '+31 72' });
    const conflictsAfter = async (kind: string) => {
      await world.send('POST', '/v1/sync-runs', { body: { kind, connectionId: id } });
      await world.work();
      return (await world.send('GET', '/v1/conflicts')).json.items;
    };
    const [conflict] = await conflictsAfter('sync');
    await world.send('POST', `/v1/conflicts/${conflict.id}/resolve`, { body: { keep } });
    await world.work();
    for (const kind of ['sync', 'compare', 'sync']) expect(await conflictsAfter(kind)).toEqual([]);
    expect(world.erp.valuesOf('party', 'p1').PHONE).toBe(keep === 'crm' ? '+31 72' : '+31 71');
  }
});
