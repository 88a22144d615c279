/** A record rule of the real Tryton hides from our user what it still shows to others: no error tells of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Brake } from '../../functions/core/model/brake.ts';
import type { Failure } from '../../functions/core/model/failure.ts';
import type { Run } from '../../functions/core/model/run.ts';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { connectTryton, type TrytonRpc } from '../../local/tryton-rpc.ts';
import { freshName, type LinkedCompany, linkedCompanies } from './linked-records.ts';
import { oneDayTimeoutMs, untilADayIsLong } from './one-day.ts';
import { ended, linkOf, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

const many = 6;
const allowed = 3;

let world: World;
let admin: TrytonRpc;

beforeAll(async () => {
  world = await openWorld();
  admin = await connectTryton({ ...world.system.erp, ...trytonAccounts.admin });
  const one = { links: allowed, share: 0 };
  const allowances = { blanks: one, breaks: one, uniform: one, swaps: one, refusals: one };
  const path = `/v1/connections/${world.connectionId}`;
  const { etag } = await world.api.request('GET', path);
  const headers = { 'if-match': etag, 'content-type': 'application/merge-patch+json' };
  await world.api.request('PATCH', path, { body: { allowances }, headers });
  await untilADayIsLong();
}, oneDayTimeoutMs);

afterAll(async () => admin.logout());

/** A rule for records of these parties only: other tests work in the same Tryton. */
async function hide(model: string, domain: string): Promise<{ end: () => Promise<void> }> {
  const off = { perm_read: false, perm_write: false, perm_create: false, perm_delete: false };
  const rule = { name: freshName('Hides'), model, global_p: true, default_p: false, rules: [['create', [{ domain }]]] };
  const [id] = await admin.call<number[]>('ir.rule.group', 'create', [[{ ...rule, ...off, perm_read: true }]]);
  return { end: () => admin.call('ir.rule.group', 'write', [[id], off]) };
}

function idsOf(companies: readonly LinkedCompany[]): string {
  return JSON.stringify(companies.map(({ partyId }) => partyId));
}

function phonesHidden(companies: readonly LinkedCompany[]) {
  return hide('party.contact_mechanism', `["OR", ["type", "!=", "phone"], ["party", "not in", ${idsOf(companies)}]]`);
}

async function blankPhones(companies: readonly LinkedCompany[]): Promise<number> {
  const read = await Promise.all(companies.map(({ companyId }) => world.crm.read('company', companyId)));
  return read.filter(({ phone }) => (phone ?? '') === '').length;
}

async function brakeOf(run: Run): Promise<Brake | undefined> {
  const { brakes = [] } = await world.api.get<{ brakes?: Brake[] }>(`/v1/connections/${run.connectionId}`);
  return brakes.find(({ runId }) => runId === run.id);
}

function brakeFailures(reason: string): Promise<Failure[]> {
  return world.api.all<Failure>('/v1/failures').then((all) => all.filter((failure) => failure.reason === reason));
}

async function answered(run: Run, answer: 'continue' | 'drop'): Promise<Run> {
  const { id } = await world.api.post<Run>(`/v1/sync-runs/${run.id}/${answer}`);
  return ended(world, id);
}

test('phones that a rule hides are blanked within the allowance, seen on the run and in the failures, continued, and come back', async () => {
  const companies = await linkedCompanies(world, 'Braked phones', many);
  const rule = await phonesHidden(companies);
  const run = await sync(world, { kind: 'compare' });
  expect(run).toMatchObject({ state: 'stopped-by-brake', reason: 'blanks', counters: { withheld: many - allowed } });
  expect(await blankPhones(companies)).toBe(allowed);
  expect(await brakeOf(run)).toMatchObject({ kind: 'blanks', withheld: many - allowed });
  expect(await brakeFailures('braked-blanks')).toMatchObject([
    { explanation: expect.stringContaining(`${many - allowed} links would have values overwritten with blanks`) },
  ]);
  expect(await answered(run, 'continue')).toMatchObject({ state: 'done', trigger: { by: 'brake' } });
  expect(await blankPhones(companies)).toBe(many);
  expect(await brakeFailures('braked-blanks')).toEqual([]);
  await rule.end();
  await sync(world, { kind: 'compare' });
  expect(await blankPhones(companies)).toBe(0);
});

test('phones that a rule hides are kept once a person drops the brake, listed, and agreed again when the rule is over', async () => {
  const companies = await linkedCompanies(world, 'Dropped phones', many);
  const rule = await phonesHidden(companies);
  const run = await sync(world, { kind: 'compare' });
  // The links of the test before have taken what the day allows.
  expect(run).toMatchObject({ state: 'stopped-by-brake', reason: 'blanks', counters: { withheld: many } });
  await answered(run, 'drop');
  expect(await blankPhones(companies)).toBe(0);
  const { connectionId } = world;
  const held = await world.api.all<{ reason: string; erpField: string }>('/v1/conflicts', { connectionId });
  expect(held).toHaveLength(many);
  expect(new Set(held.map(({ reason, erpField }) => `${reason} ${erpField}`))).toEqual(new Set(['dropped PHONE']));
  await rule.end();
  await sync(world, { kind: 'compare' });
  expect(await world.api.all('/v1/conflicts', { connectionId })).toEqual([]);
  expect(await blankPhones(companies)).toBe(0);
});

test('parties that a rule hides are told from such that are gone: no link breaks, and all go on once it is over', async () => {
  const companies = await linkedCompanies(world, 'Hidden', many);
  const rule = await hide('party.party', `[["id", "not in", ${idsOf(companies)}]]`);
  const run = await sync(world, { kind: 'compare' });
  expect(run).toMatchObject({ state: 'done-with-failures', counters: { failed: many, withheld: 0 } });
  for (const { linkId } of companies) expect(await linkOf(world, linkId)).toMatchObject({ state: 'active' });
  await rule.end();
  const scope = { kind: 'links', linkIds: companies.map(({ linkId }) => linkId) };
  expect(await sync(world, { scope })).toMatchObject({ state: 'done', counters: { failed: 0 } });
  expect(await world.api.all<Failure>('/v1/failures')).toEqual([]);
});

test('parties that are deleted break no more links than a day allows; dropped, the others are paused', async () => {
  const companies = await linkedCompanies(world, 'Deleted', many);
  for (const { partyId } of companies) await world.erp.remove(partyId);
  const run = await sync(world, { kind: 'compare' });
  expect(run).toMatchObject({ state: 'stopped-by-brake', reason: 'breaks', counters: { withheld: many - allowed } });
  expect(await brakeOf(run)).toMatchObject({ kind: 'breaks', withheld: many - allowed });
  expect(await brakeFailures('braked-breaks')).toHaveLength(1);
  await answered(run, 'drop');
  const links = await Promise.all(companies.map(({ linkId }) => linkOf(world, linkId)));
  expect(links.filter(({ state }) => state === 'broken')).toHaveLength(allowed);
  expect(links.filter(({ state, stateReason }) => state === 'paused' && stateReason === 'dropped')).toHaveLength(
    many - allowed,
  );
  expect(await brakeFailures('braked-breaks')).toEqual([]);
});
