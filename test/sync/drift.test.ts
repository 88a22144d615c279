/** Fields that a system describes otherwise than before: told once a day, before they hurt, and without stopping anything. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { countingTable } from '../../bench/counting-table.ts';
import type { MemoryRecordSystemOptions } from '../../functions/adapters/memory/memory-record-system.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { SyncError } from '../../functions/core/errors.ts';
import { driftFailureId } from '../../functions/core/model/failure.ts';
import type { FieldMetadata } from '../../functions/core/model/field.ts';
import type { Side } from '../../functions/core/model/side.ts';
import { openEnds } from '../../functions/sync/open-ends.ts';
import { describeDaily } from '../../functions/sync/runs/describe-daily.ts';
import { Attack } from '../crash/deaths.ts';
import { connectionId, tenantId, type World, type WorldOptions } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const dayMs = 86_400_000;
const fields = [
  { name: 'name', direction: 'both' as const, metadata: { maxLength: 40 } },
  { name: 'phone', direction: 'both' as const, metadata: { maxLength: 20 } },
];

/** From now on a system describes a field so, or, without a description, no longer. */
function describes({ crm, erp }: World, side: Side, key: string, over: Partial<FieldMetadata> | undefined): void {
  const system = side === 'crm' ? crm : erp;
  const types = system.options.types.map((type) => ({
    ...type,
    fields: type.fields.flatMap((field) => (field.key === key ? (over ? [{ ...field, ...over }] : []) : [field])),
  }));
  Object.assign(system.options, { types } satisfies Partial<MemoryRecordSystemOptions>);
}

async function nextDay(world: World): Promise<void> {
  world.nowMs += dayMs;
  await world.poll();
  await world.drain();
}

async function typeIn(world: World) {
  const [type] = (await world.quiet.connections.getSetup(tenantId, connectionId))?.actorTypes ?? [];
  if (!type) throw new Error('there is a type');
  return type;
}

const activated = async (world: World) =>
  world.quiet.connections.noteActorType(await typeIn(world), { activatedFingerprint: 'as it was activated' });

test('a mapped field that is gone, shorter or of another type is told on its type, in one open failure and by one alert', async () => {
  const world = await atRest({ fields, links: 1 });
  describes(world, 'erp', 'PHONE', undefined);
  describes(world, 'crm', 'name', { maxLength: 10 });
  await nextDay(world);
  expect((await typeIn(world)).drift).toMatchObject([
    { side: 'crm', field: 'name', what: 'shorter', was: { maxLength: 40 }, now: { maxLength: 10 } },
    { side: 'erp', field: 'PHONE', what: 'gone', was: { maxLength: 20 } },
  ]);
  const failures = await failuresOf(world);
  expect(failures).toMatchObject([
    {
      id: driftFailureId(connectionId),
      kind: 'misconfigured',
      reason: 'fields-drifted',
      fields: [
        { field: 'customer.crm.name', reason: 'drift-shorter' },
        { field: 'customer.erp.PHONE', reason: 'drift-gone' },
      ],
    },
  ]);
  expect(failures[0]?.explanation).toMatch(/save it/);
  const alert = { event: 'fields-drifted', tenantId, connectionId, reason: 'fields-drifted' };
  expect(world.quiet.alerts.told).toEqual([alert]);
  await nextDay(world);
  expect(world.quiet.alerts.told).toEqual([alert]);
  expect(await failuresOf(world)).toMatchObject([{ firstAt: failures[0]?.firstAt }]);
  describes(world, 'crm', 'phone', { type: 'integer' });
  await nextDay(world);
  expect(world.quiet.alerts.told).toEqual([alert, alert]);
  expect((await failuresOf(world))[0]?.fields).toHaveLength(3);
});

test('nothing is stopped for a field that is gone: the others go on, and it goes on once it is back', async () => {
  const world = await atRest({ fields, links: 1 });
  await activated(world);
  describes(world, 'erp', 'PHONE', undefined);
  await nextDay(world);
  expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
  expect((await typeIn(world)).suspended).toBeUndefined();
  world.crm.edit('contact', 'c0', { name: 'edited', phone: 'not yet' });
  await world.minutes(2);
  expect(world.erp.valuesOf('party', 'e0')).toMatchObject({ NAME: 'edited', PHONE: 'start0' });
  describes(world, 'erp', 'PHONE', { maxLength: 20 });
  Object.assign(world.erp.options, {
    types: world.erp.options.types.map((type) => ({
      ...type,
      fields: [...type.fields, ...(world.crm.options.types[0]?.fields ?? []).filter(({ key }) => key === 'phone')].map(
        (field) => ({ ...field, key: field.key.toUpperCase() }),
      ),
    })),
  });
  await nextDay(world);
  await world.minutes(2);
  expect((await typeIn(world)).drift).toBeUndefined();
  expect(await failuresOf(world)).toEqual([]);
  // Its links were compared: no list shows what was edited while it was gone.
  expect(world.erp.valuesOf('party', 'e0')).toMatchObject({ PHONE: 'not yet' });
  expect(await dueOf(world)).toEqual([]);
});

test('a field that goes during the day is found where a list misses it: nothing is suspended, and the others go on', async () => {
  const world = await atRest({ fields, links: 1 });
  await activated(world);
  await nextDay(world);
  describes(world, 'erp', 'PHONE', undefined);
  world.erp.edit('party', 'e0', { NAME: 'edited' });
  await world.minutes(3);
  expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
  expect(world.crm.valuesOf('contact', 'c0')).toMatchObject({ name: 'edited' });
  expect((await typeIn(world)).drift).toMatchObject([{ side: 'erp', field: 'PHONE', what: 'gone' }]);
  expect(await failuresOf(world)).toMatchObject([{ id: driftFailureId(connectionId) }]);
});

test('a field that goes while a link is looked at is found there, too', async () => {
  let armed = false;
  let isGone = false;
  const world = await atRest({
    ...{ fields, links: 1 },
    gate: async (step) => {
      if (!armed || isGone || !step.startsWith('erp.get')) return;
      isGone = true;
      describes(world, 'erp', 'PHONE', undefined);
    },
  });
  await activated(world);
  await nextDay(world);
  armed = true;
  world.crm.edit('contact', 'c0', { name: 'edited' });
  await world.minutes(3);
  expect(isGone).toBe(true);
  expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
  expect(world.erp.valuesOf('party', 'e0')).toMatchObject({ NAME: 'edited' });
  expect(await failuresOf(world)).toMatchObject([{ id: driftFailureId(connectionId) }]);
});

test('what is set up wrongly though all fields are there suspends as ever', async () => {
  const world = await atRest({ fields, links: 1 });
  await nextDay(world);
  const trouble = new SyncError('misconfigured', 'set up wrongly');
  Object.assign(world.erp, { listChanges: () => Promise.reject(trouble) });
  await world.minutes(2);
  expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('suspended');
});

test('more room is shown on the type, and is no failure and no alert', async () => {
  const world = await atRest({ fields, links: 1 });
  describes(world, 'erp', 'NAME', { maxLength: 80 });
  await nextDay(world);
  expect((await typeIn(world)).drift).toMatchObject([{ what: 'longer' }]);
  expect((await typeIn(world)).erpFields[0]?.maxLength).toBe(80);
  expect(await failuresOf(world)).toEqual([]);
  expect(world.quiet.alerts.told).toEqual([]);
});

test.each(['transient', 'forbidden'] as const)(
  'a system that cannot describe itself (%s) stops no poll; one that may pass is asked again by the next',
  async (kind) => {
    let isDown = false;
    let asked = 0;
    const world = await atRest({
      fields,
      links: 1,
      erp: {
        onCall: async (operation, moment) => {
          if (operation !== 'describe' || moment !== 'sent') return;
          asked += 1;
          if (isDown) throw new SyncError(kind, 'Made to fail.');
        },
      },
    });
    isDown = true;
    asked = 0;
    describes(world, 'crm', 'name', { maxLength: 10 });
    world.crm.edit('contact', 'c0', { phone: 'edited' });
    await nextDay(world);
    expect(world.erp.valuesOf('party', 'e0').PHONE).toBe('edited');
    // The side that answered is heard.
    expect((await typeIn(world)).drift).toMatchObject([{ side: 'crm', field: 'name' }]);
    expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
    await world.minutes(2);
    expect(asked).toBe(kind === 'transient' ? 3 : 1);
  },
);

test('a system that shows no field of a type says nothing of it', async () => {
  const world = await atRest({ fields, links: 1 });
  const types = world.erp.options.types.map((type) => ({ ...type, fields: [] }));
  Object.assign(world.erp.options, { types });
  await nextDay(world);
  expect((await typeIn(world)).drift).toBeUndefined();
  expect((await typeIn(world)).erpFields).toHaveLength(2);
});

test('what a system says otherwise only once is no drift, and it is asked again by the next poll', async () => {
  for (const side of ['crm', 'erp'] as const) {
    const world = await atRest({ fields, links: 1 });
    const system = world[side];
    const { describe } = system;
    let calls = 0;
    system.describe = async (type) => {
      calls += 1;
      const offered = await describe.call(system, type);
      return calls === 1 ? offered.slice(1) : offered;
    };
    await nextDay(world);
    expect(calls, side).toBe(2);
    expect((await typeIn(world)).drift, side).toBeUndefined();
    expect(await failuresOf(world), side).toEqual([]);
    await world.minutes(2);
    expect(calls, side).toBe(3);
    const today = new Date(world.nowMs).toISOString().slice(0, 10);
    expect((await world.quiet.connections.activity(tenantId, connectionId)).lastDescribedDay, side).toBe(today);
  }
});

test('more fields than can be stored are told to operators, once a day, and the poll ends as ever', async () => {
  const world = await atRest({ fields, links: 1 });
  const wordy = (at: number) => ({ key: `x${at}`, label: `${at}`, description: randomBytes(1_000).toString('base64') });
  Object.assign(world.crm.options, {
    types: world.crm.options.types.map(({ fields: [first, ...others], ...type }) => ({
      ...type,
      fields: [
        { ...first, maxLength: 10 },
        ...others,
        ...Array.from({ length: 5_000 }, (_, at) => ({ ...first, ...wordy(at) })),
      ],
    })),
  });
  await nextDay(world);
  expect((await typeIn(world)).drift).toBeUndefined();
  const today = new Date(world.nowMs).toISOString().slice(0, 10);
  expect((await world.quiet.connections.activity(tenantId, connectionId)).lastDescribedDay).toBe(today);
});

test('the poll that begins a day asks each side once a type, looks for the failure and notes the day; the others ask nobody', async () => {
  let table = countingTable(memoryTable());
  let described = 0;
  const onCall = async (operation: string, moment: string) => {
    if (operation === 'describe' && moment === 'sent') described += 1;
  };
  const world = await atRest({
    ...{ fields, links: 1, crm: { onCall }, erp: { onCall } },
    around: (inner) => {
      table = countingTable(inner);
      return table;
    },
  });
  world.nowMs += dayMs;
  const context = await openEnds(world.quiet, tenantId, connectionId);
  const counted = async () => {
    described = 0;
    table.startAnew();
    const activity = await world.quiet.connections.activity(tenantId, connectionId);
    if (context) await describeDaily(world.quiet, context, activity);
    const { calls, writeUnits } = table.counts();
    return { described, calls, writeUnits };
  };
  // One of the calls reads the activity.
  expect(await counted()).toEqual({ described: 2, calls: 3, writeUnits: 1 });
  expect(await counted()).toEqual({ described: 0, calls: 1, writeUnits: 0 });
});

const attacked: Omit<WorldOptions, 'gate'> = { fields, links: 1 };

test('a death at any call while drift is found leaves it to the next poll, which tells it and compares the links', async () => {
  let deaths = 0;
  for (let dieAt = 1; ; dieAt += 3) {
    const attack = new Attack(attacked, dieAt, 60_000);
    const { world } = attack;
    await world.setUp();
    await world.minutes(2);
    await activated(world);
    world.nowMs += dayMs;
    describes(world, 'erp', 'PHONE', undefined);
    await attack.poll();
    const died = attack.where !== '';
    if (died) deaths += 1;
    await world.drain();
    await world.minutes(3);
    expect([dieAt, (await typeIn(world)).drift?.length, (await failuresOf(world)).length]).toEqual([dieAt, 1, 1]);
    expect((await typeIn(world)).activatedFingerprint).not.toMatch(/activated|changed/);
    if (!died) break;
  }
  expect(deaths).toBeGreaterThan(5);
});
