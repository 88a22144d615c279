/** One odd answer, met once, stops nothing: what would rest for an hour or a day is met twice before it is believed. */
import { expect, test } from 'vitest';
import { type ErrorKind, SyncError, type SyncErrorDetails } from '../../functions/core/errors.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;

/** Two links at rest; the next `times` calls at `where` are answered with `kind`. */
async function withOddAnswers() {
  const odd: { where: string; times: number; kinds: ErrorKind[]; details: SyncErrorDetails } = {
    where: '',
    times: 0,
    kinds: [],
    details: {},
  };
  const world = await atRest({
    fields,
    links: 2,
    gate: async (what) => {
      if (what !== odd.where || odd.times === 0) return;
      odd.times -= 1;
      const kind = odd.kinds.shift() ?? 'misconfigured';
      throw new SyncError(kind, 'Made to fail.', odd.details);
    },
  });
  world.crm.edit('contact', 'c0', { name: 'new0' });
  return { world, odd };
}

async function stands(world: World) {
  const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
  return {
    state: setup?.connection.state,
    aside: setup?.actorTypes.filter(({ suspended }) => suspended).length,
    failures: (await failuresOf(world)).map(({ reason }) => reason),
    alerts: world.quiet.alerts.told.map(({ event }) => event),
    written: world.erp.valuesOf('party', 'e0').NAME,
  };
}

const unharmed = { state: 'active', aside: 0, failures: [], alerts: [], written: 'new0' };

// The dispatcher lists first, and leaves what it meets to a run.
test.each<[string, number, ErrorKind, SyncErrorDetails?]>([
  ['crm.listChanges.sent', 2, 'misconfigured'],
  ['crm.listChanges.sent', 2, 'misconfigured', { recordType: 'company' }],
  ['crm.listChanges.sent', 2, 'forbidden'],
  ['crm.listChanges.sent', 2, 'missing'],
  ['erp.listChanges.sent', 2, 'transient', { listTrouble: 'clock-stepped-back' }],
  ['erp.get.sent', 1, 'misconfigured'],
  ['erp.get.sent', 1, 'forbidden'],
  ['crm.get.sent', 1, 'misconfigured', { recordType: 'company' }],
  ['crm.get.sent', 1, 'misconfigured', { isTenantDeleted: true }],
  ['crm.get.sent', 1, 'missing'],
  ['erp.update.sent', 1, 'misconfigured', { recordType: 'customer' }],
])(
  'one odd answer at %s (met %i times, %s) leaves nothing but a short wait',
  async (where, times, kind, details = {}) => {
    const { world, odd } = await withOddAnswers();
    Object.assign(odd, { where, times, kinds: [kind, kind], details });
    await world.minutes(2);
    expect(odd.times).toBe(0);
    expect(await stands(world)).toEqual(unharmed);
  },
);

test('what is met again after the short wait is believed', async () => {
  for (const where of ['crm.listChanges.sent', 'erp.get.sent']) {
    const { world, odd } = await withOddAnswers();
    Object.assign(odd, { where, times: 100 });
    await world.minutes(2);
    expect(await stands(world), where).toMatchObject({ state: 'suspended', failures: ['connection-suspended'] });
  }
});

test('what is met again only after other trouble is doubted again', async () => {
  for (const [where, first] of [
    ['erp.get.sent', []],
    ['crm.listChanges.sent', ['transient']],
  ] as const) {
    const { world, odd } = await withOddAnswers();
    const kinds = [...first, 'misconfigured', 'transient', 'misconfigured'];
    Object.assign(odd, { where, times: kinds.length, kinds });
    await world.minutes(5);
    expect(odd.times, where).toBe(0);
    expect(await stands(world), where).toEqual(unharmed);
  }
});

test('a system that asks for patience between its odd answers is not doubted for ever', async () => {
  for (const where of ['erp.get.sent', 'crm.listChanges.sent']) {
    const { world, odd } = await withOddAnswers();
    const kinds = Array.from({ length: 200 }, (_, at): ErrorKind => (at % 2 === 0 ? 'misconfigured' : 'throttled'));
    Object.assign(odd, { where, times: kinds.length, kinds });
    await world.minutes(5);
    expect(await stands(world), where).toMatchObject({ state: 'suspended', failures: ['connection-suspended'] });
  }
});

test('a refused sign-in is not doubted', async () => {
  const { world, odd } = await withOddAnswers();
  Object.assign(odd, { where: 'erp.get.sent', times: 1, kinds: ['unauthorised'] });
  await world.minutes(1);
  expect(await stands(world)).toMatchObject({ state: 'suspended' });
});

test('a suspended connection whose daily try meets what may pass is tried again within the hour', async () => {
  const { world, odd } = await withOddAnswers();
  Object.assign(odd, { where: 'crm.listChanges.sent', times: 100 });
  await world.minutes(2);
  expect(await stands(world)).toMatchObject({ state: 'suspended' });
  Object.assign(odd, { times: 1, kinds: ['transient'] });
  world.nowMs += 24 * 3_600_000;
  await world.minutes(30);
  expect(odd.times).toBe(0);
  expect(await stands(world)).toMatchObject({ state: 'suspended' });
  await world.minutes(35);
  expect(await stands(world)).toMatchObject({ ...unharmed, alerts: ['connection-suspended'] });
});
