/** What is left alone is tried again when what it depends on changes or a person says so, by itself where the table of errors says so, and never else. */
import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import type { Value } from '../../../functions/core/values/value.ts';
import { dispatchPoll } from '../../../functions/sync/runs/dispatch-poll.ts';
import { ParkedWorld } from './parked-world.ts';

interface Parked {
  readonly reason: string;
  readonly erpField: string;
  readonly crmField: string;
  readonly refused: Value;
  /** Another value, and what the ERP then holds; absent = refused like the first. */
  readonly other: { readonly crm: Value; readonly erp?: Value };
  /** What the ERP holds once the first value is taken. */
  readonly taken: Value;
  /** What makes the ERP refuse, and take, the first value. */
  readonly arrange?: (world: ParkedWorld) => Promise<void>;
  readonly cure: (world: ParkedWorld) => Promise<void>;
}

/** What a system says of a field is something else now. */
async function describes(world: ParkedWorld, key: string, what: Partial<FieldMetadata>): Promise<void> {
  const at = world.erpFields.findIndex((field) => field.key === key);
  const known = world.erpFields[at];
  if (known) world.erpFields[at] = { ...known, ...what };
  await world.refresh();
}

const tooLong: Parked = {
  reason: 'too-long',
  erpField: 'VATNO',
  crmField: 'vatNo',
  refused: 'NL0000001',
  other: { crm: 'NL2', erp: 'NL2' },
  taken: 'NL0000001',
  cure: (world) => describes(world, 'VATNO', { maxLength: 20 }),
};
const unmapped: Parked = {
  reason: 'unmapped-list-item',
  erpField: 'COUNTRY',
  crmField: 'country',
  refused: '99',
  other: { crm: null, erp: null },
  taken: '2',
  cure: async (world) => {
    world.crmCountries[1] = { key: '99', text: 'Elsewhere', code: 'BE' };
    await world.refresh();
  },
};
const notConvertible: Parked = {
  reason: 'not-convertible',
  erpField: 'CREDIT',
  crmField: 'credit',
  refused: 'a lot',
  other: { crm: '500', erp: 500 },
  taken: 'a lot',
  cure: (world) => describes(world, 'CREDIT', { type: 'text' }),
};
const readOnly: Parked = {
  reason: 'read-only',
  erpField: 'TERMS',
  crmField: 'terms',
  refused: '60',
  other: { crm: '90' },
  taken: '60',
  arrange: (world) => describes(world, 'TERMS', { access: 'read-only' }),
  cure: (world) => describes(world, 'TERMS', { access: 'normal' }),
};
/** Nothing but the system knows why: a changed mapping tries it again. */
const bySystem: Parked = {
  reason: 'refused-by-system',
  erpField: 'NOTE',
  crmField: 'note',
  refused: 'bad',
  other: { crm: 'good', erp: 'good' },
  taken: 'bad',
  arrange: async (world) => {
    world.refusesNote = (value) => value === 'bad';
  },
  cure: async (world) => {
    world.refusesNote = undefined;
    await world.changeMapping({ noBlanks: true });
  },
};
const all = [tooLong, unmapped, notConvertible, readOnly, bySystem].map((parked) => [parked.reason, parked] as const);

/** The value is refused, and its failure open, tried once. */
async function parkedWorld({ arrange, reason, crmField, erpField, refused }: Parked): Promise<ParkedWorld> {
  const world = new ParkedWorld();
  await world.setUp();
  await arrange?.(world);
  world.crm.edit('contact', 'c1', { [crmField]: refused });
  await world.minutes(2);
  expect(await world.failure()).toMatchObject({
    reason: 'fields-left-alone',
    attempts: 1,
    fields: [{ field: `${erpField}~${crmField}`, kind: 'rejected', reason }],
  });
  world.sent = [];
  return world;
}

const held = (world: ParkedWorld, { erpField }: Parked) => world.erp.valuesOf('party', 'p1')[erpField];

test.each(all)(
  '%s: polls, the comparison of the day and resyncs of both sides try nothing again',
  async (_, parked) => {
    const world = await parkedWorld(parked);
    const before = held(world, parked);
    await world.minutes(30);
    await world.run('compare');
    await world.run('sync');
    await world.run('resync-from-crm');
    await world.run('resync-from-erp');
    world.api.nowMs += 86_400_000;
    await world.minutes(3);
    expect(world.sent).toEqual([]);
    expect(await world.failure()).toMatchObject({ attempts: 1 });
    expect(held(world, parked)).toEqual(before);
  },
);

test.each(all)(
  '%s: another field that changes is written, and the refused one is not sent with it',
  async (_, parked) => {
    const world = await parkedWorld(parked);
    world.crm.edit('contact', 'c1', { name: 'Firm & Sons' });
    await world.minutes(2);
    expect(world.sent).toEqual([{ field: 'NAME', value: 'Firm & Sons' }]);
    expect(await world.failure()).toMatchObject({ attempts: 1 });
  },
);

test.each(all)('%s: another value is tried', async (_, parked) => {
  const world = await parkedWorld(parked);
  world.crm.edit('contact', 'c1', { [parked.crmField]: parked.other.crm });
  await world.minutes(2);
  if (parked.other.erp === undefined) {
    expect(await world.failure()).toMatchObject({ attempts: 2, fields: [{ reason: parked.reason }] });
    return;
  }
  expect(held(world, parked)).toEqual(parked.other.erp);
  expect(await world.failure()).toBeUndefined();
});

test.each(all)(
  '%s: another value on the side to be written tries nothing, for the same would be refused again',
  async (_, parked) => {
    const world = await parkedWorld(parked);
    const theirs = parked.erpField === 'COUNTRY' ? '2' : 7;
    world.erp.edit('party', 'p1', { [parked.erpField]: parked.erpField === 'CREDIT' ? 7 : String(theirs) });
    await world.minutes(3);
    expect(world.sent).toEqual([]);
    expect(await world.failure()).toMatchObject({ attempts: 1, fields: [{ reason: parked.reason }] });
  },
);

test('the value that was refused, entered where it was to be written, ends it', async () => {
  const world = await parkedWorld(bySystem);
  world.erp.edit('party', 'p1', { NOTE: 'bad' });
  await world.minutes(2);
  expect(world.sent).toEqual([]);
  expect(await world.failure()).toBeUndefined();
});

test.each(all)(
  '%s: it goes by itself once its limit, its list items or its mapping say otherwise',
  async (_, parked) => {
    const world = await parkedWorld(parked);
    await parked.cure(world);
    await world.minutes(2);
    expect(held(world, parked)).toEqual(parked.taken);
    expect(await world.failure()).toBeUndefined();
  },
);

/** A mapping that writes a read-only field is not activated. */
const activated = all.filter(([, parked]) => parked !== readOnly);

test.each(activated)('%s: a changed row of its mapping tries it again, once', async (_, parked) => {
  const world = await parkedWorld(parked);
  await world.changeMapping({ noBlanks: true });
  await world.minutes(30);
  expect(await world.failure()).toMatchObject({ attempts: 2, fields: [{ reason: parked.reason }] });
  expect(world.sent).toEqual(parked === bySystem ? [{ field: 'NOTE', value: 'bad' }] : []);
});

test.each(all)('%s: a person tries it again, alone or by filter, once each', async (_, parked) => {
  const world = await parkedWorld(parked);
  await world.api.send('POST', `/v1/failures/${world.linkId}/retry`);
  await world.api.work();
  expect(await world.failure()).toMatchObject({ attempts: 2 });
  await world.api.send('POST', '/v1/failures/retry', { body: { reason: parked.reason } });
  await world.api.work();
  await world.minutes(30);
  expect(await world.failure()).toMatchObject({ attempts: 3, fields: [{ reason: parked.reason }] });
  const bad = { field: 'NOTE', value: 'bad' };
  expect(world.sent).toEqual(parked === bySystem ? [bad, bad] : []);
});

test('a record that may not be read is tried once an hour, and when a person says so; nothing else tries it', async () => {
  const world = new ParkedWorld();
  await world.setUp();
  world.unreadable = new SyncError('forbidden', 'Not for you.', { explanation: 'no access to p1' });
  world.crm.edit('contact', 'c1', { name: 'new' });
  await world.minutes(2);
  expect(await world.failure()).toMatchObject({ kind: 'forbidden', attempts: 1, explanation: 'no access to p1' });
  await world.minutes(40);
  expect(await world.failure()).toMatchObject({ attempts: 1 });
  await world.minutes(40);
  expect(await world.failure()).toMatchObject({ attempts: 2 });
  world.unreadable = undefined;
  await world.api.send('POST', `/v1/failures/${world.linkId}/retry`);
  await world.api.work();
  expect(world.erp.valuesOf('party', 'p1').NAME).toBe('new');
  expect(await world.failure()).toBeUndefined();
});

test('a table or field that may not be written is one failure, tried by itself once a day, and on a test', async () => {
  const world = new ParkedWorld();
  await world.setUp();
  let refused = 0;
  const { update } = world.erp;
  const lost = new SyncError('misconfigured', 'No right.', { recordType: 'customer', explanation: 'no right to NAME' });
  world.erp.update = async (_type, writes) => {
    refused += 1;
    return writes.map(() => ({ outcome: 'failed', error: lost }));
  };
  world.crm.edit('contact', 'c1', { name: 'new' });
  await world.minutes(30);
  await world.run('compare');
  await world.run('resync-from-crm');
  // Believed once it was met again.
  expect(refused).toBe(2);
  const id = `${world.connectionId}.customer.suspended`;
  expect((await world.api.send('GET', `/v1/failures/${id}`)).json).toMatchObject({
    kind: 'misconfigured',
    attempts: 1,
  });
  world.api.nowMs += 86_400_000;
  await world.minutes(10);
  // The poll and the comparison of the day meet it, and one of them again.
  expect(refused).toBe(5);
  const test = await world.api.send('POST', `/v1/connections/${world.connectionId}/test`);
  expect(test.status).toBe(200);
  await world.minutes(2);
  expect(refused).toBe(7);
  world.erp.update = update;
  await world.api.send('POST', `/v1/failures/${id}/retry`);
  await world.api.work();
  await dispatchPoll(world.api.app, { tenantId: world.api.tenantId, connectionId: world.connectionId });
  await world.api.work();
  expect(world.erp.valuesOf('party', 'p1').NAME).toBe('new');
  expect((await world.api.send('GET', `/v1/failures/${id}`)).status).toBe(404);
});
