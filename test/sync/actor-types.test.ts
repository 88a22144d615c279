/** A trouble of one actor type: it is set aside alone, with one failure, tried once a day, and taken up when it works. */
import { expect, test } from 'vitest';
import { type ErrorKind, SyncError } from '../../functions/core/errors.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const of = { tenantId, connectionId };
const dayMs = 86_400_000;

/** Two customers and a supplier at rest; `trouble.at` makes calls of the ERP for customers fail. */
async function withSupplier() {
  const world = await atRest({ fields, links: 2 });
  const setup = await world.quiet.connections.getWholeSetup(tenantId, connectionId);
  const [customer] = setup?.actorTypes ?? [];
  if (!customer) throw new Error('there is a type');
  const supplier = { ...customer, actorType: 'supplier', label: 'Supplier', erpTable: 'vendor', revision: 1 } as const;
  await world.quiet.connections.putActorTypes([supplier]);
  await world.quiet.cursors.store({ ...of, side: 'erp', table: 'vendor' }, await world.erp.start('vendor'), 0);
  world.crm.edit('contact', 'c8', { name: 'start8' });
  world.erp.edit('vendor', 's8', { NAME: 'start8' });
  const link = {
    ...of,
    id: 'supplier',
    ends: {
      crm: { type: 'company', table: 'contact', key: 'c8' },
      erp: { type: 'supplier', table: 'vendor', key: 's8' },
    },
    state: 'pending',
    revision: 1,
    fieldStates: {},
    choices: {},
    seen: {},
    openFailures: [],
    createdAt: '',
    createdBy: 'test',
  } as const;
  await world.quiet.links.connect({ ...link, openFailures: [] }, { ...of, linkId: 'supplier', sequence: 'first' });
  await world.minutes(2);
  world.nowMs += 60_000;
  const trouble: {
    at?: 'get' | 'update' | 'listChanges' | undefined;
    kind: ErrorKind;
    recordType?: string;
    met: number;
  } = {
    kind: 'forbidden',
    met: 0,
  };
  const meet = (at: string, type: string) => {
    if (trouble.at !== at || type !== 'customer') return;
    trouble.met += 1;
    const { kind, recordType } = trouble;
    throw new SyncError(kind, 'Made to fail.', { explanation: 'no right to parties', recordType });
  };
  const { get, update, listChanges } = world.erp;
  world.erp.get = async (...asked) => {
    meet('get', asked[0]);
    return get.apply(world.erp, asked);
  };
  world.erp.update = async (...asked) => {
    meet('update', asked[0]);
    return update.apply(world.erp, asked);
  };
  world.erp.listChanges = async (request) => {
    meet('listChanges', request.table === 'party' ? 'customer' : request.table);
    return listChanges.call(world.erp, request);
  };
  return { world, trouble };
}

function editAll(world: World): void {
  world.crm.edit('contact', 'c0', { name: 'new0' });
  world.crm.edit('contact', 'c1', { name: 'new1' });
  world.crm.edit('contact', 'c8', { name: 'new8' });
}

const customers = (world: World) => ['e0', 'e1'].map((key) => world.erp.valuesOf('party', key).NAME);

test('a right lost on one table sets its actor type aside with one failure; the others go on, and nothing is parked', async () => {
  for (const at of ['get', 'update'] as const) {
    const { world, trouble } = await withSupplier();
    trouble.at = at;
    editAll(world);
    await world.minutes(3);
    expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
    expect(world.erp.valuesOf('vendor', 's8').NAME, at).toBe('new8');
    const [failure, ...others] = await failuresOf(world);
    expect(failure).toMatchObject({
      id: `${connectionId}.customer.suspended`,
      kind: 'misconfigured',
      reason: 'actor-type-suspended',
      explanation: 'no right to parties',
    });
    expect(others).toEqual([]);
    expect((await dueOf(world)).map(({ linkId }) => linkId).sort()).toEqual(['link0', 'link1']);
    const { met } = trouble;
    await world.minutes(60);
    expect(trouble.met).toBe(met);
    world.nowMs += dayMs;
    await world.minutes(2);
    expect(trouble.met).toBeGreaterThan(met);
    expect(await failuresOf(world)).toMatchObject([{ firstAt: failure?.firstAt, attempts: 2 }]);
    trouble.at = undefined;
    world.nowMs += dayMs;
    await world.minutes(3);
    expect(customers(world), at).toEqual(['new0', 'new1']);
    expect(await failuresOf(world)).toEqual([]);
    expect(await dueOf(world)).toEqual([]);
  }
});

test('a list that is refused sets the types of its table aside, and its next success takes them up', async () => {
  const { world, trouble } = await withSupplier();
  trouble.at = 'listChanges';
  world.erp.edit('party', 'e0', { NAME: 'theirs' });
  world.erp.edit('vendor', 's8', { NAME: 'theirs' });
  await world.minutes(2);
  expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
  expect(world.crm.valuesOf('contact', 'c8').name).toBe('theirs');
  expect(await failuresOf(world)).toMatchObject([{ reason: 'actor-type-suspended', kind: 'forbidden' }]);
  const { met } = trouble;
  await world.minutes(30);
  expect(trouble.met).toBe(met);
  trouble.at = undefined;
  world.nowMs += dayMs;
  await world.minutes(3);
  expect(world.crm.valuesOf('contact', 'c0').name).toBe('theirs');
  expect(await failuresOf(world)).toEqual([]);
});

test('what is set up wrongly for one record type concerns the types that have it, and no other', async () => {
  const { world, trouble } = await withSupplier();
  Object.assign(trouble, { at: 'get', kind: 'misconfigured', recordType: 'customer' });
  editAll(world);
  await world.minutes(2);
  const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
  const aside = setup?.actorTypes.filter(({ suspended }) => suspended).map(({ actorType }) => actorType);
  expect(aside).toEqual(['customer']);
  expect(setup?.connection.state).toBe('active');
  expect(world.erp.valuesOf('vendor', 's8').NAME).toBe('new8');
});

test('a dry run sets no type aside', async () => {
  for (const at of ['get', 'listChanges'] as const) {
    const { world, trouble } = await withSupplier();
    trouble.at = at;
    editAll(world);
    await startRun(world.quiet, {
      ...of,
      kind: 'sync',
      scope: { kind: 'connection' },
      trigger: { by: 'user' },
      dryRun: true,
    });
    await world.drain();
    expect(trouble.met).toBeGreaterThan(0);
    expect(await failuresOf(world)).toEqual([]);
    const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
    expect(setup?.actorTypes.filter(({ suspended }) => suspended)).toEqual([]);
  }
});

test.each(['activation', 'user'] as const)(
  'a comparison (%s) over a type that is set aside leaves its links due, and they are looked at once it is taken up',
  async (by) => {
    const { world, trouble } = await withSupplier();
    trouble.at = 'get';
    world.crm.edit('contact', 'c0', { name: 'new0' });
    await world.minutes(2);
    trouble.at = undefined;
    // No list shows it, as of a field that was not mapped before.
    world.erp.edit('party', 'e1', { NAME: 'not listed' }, { lateMs: dayMs });
    const run = await startRun(world.quiet, {
      ...of,
      kind: 'compare',
      scope: { kind: 'actor-type', actorType: 'customer' },
      trigger: { by },
    });
    await world.drain();
    expect(await world.quiet.runs.get(tenantId, run.id)).toMatchObject({
      state: 'done-with-failures',
      counters: { lookedAt: 2, failed: 2 },
    });
    expect((await dueOf(world)).map(({ linkId }) => linkId).sort()).toEqual(['link0', 'link1']);
    world.nowMs += dayMs;
    await world.minutes(3);
    expect(world.crm.valuesOf('contact', 'c1').name).toBe('not listed');
    expect(await dueOf(world)).toEqual([]);
    expect(await failuresOf(world)).toEqual([]);
  },
);

test('the failure of a type that was set aside closes once the type is no longer synchronised', async () => {
  for (const without of [{ active: false }, { fields: [] }]) {
    const { world, trouble } = await withSupplier();
    trouble.at = 'listChanges';
    await world.minutes(2);
    expect(await failuresOf(world)).toMatchObject([{ reason: 'actor-type-suspended' }]);
    const setup = await world.quiet.connections.getWholeSetup(tenantId, connectionId);
    const customer = setup?.actorTypes.find(({ actorType }) => actorType === 'customer');
    if (customer) await world.quiet.connections.replaceActorType({ ...customer, ...without });
    await world.minutes(1);
    expect(await failuresOf(world)).toEqual([]);
    const after = await world.quiet.connections.getSetup(tenantId, connectionId);
    expect(after?.actorTypes.filter(({ suspended }) => suspended)).toEqual([]);
  }
});
