import { beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../../functions/core/model/audit.ts';
import type { Failure } from '../../functions/core/model/failure.ts';
import type { Run } from '../../functions/core/model/run.ts';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { connectTryton, type TrytonRpc } from '../../local/tryton-rpc.ts';
import { freshName, type LinkedCompany, linkedCompany } from './linked-records.ts';
import { atRest, changesOf, ended, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let company: LinkedCompany;

beforeAll(async () => {
  world = await openWorld({
    fieldRows: { PHONE: { direction: 'toErp', enforce: true }, URL: { noBlanks: true } },
  });
  company = await linkedCompany(world, 'Flagged');
});

test('what is edited in the ERP of an enforced field is put back, and a blank in the CRM leaves the value in the ERP', async () => {
  const { erp, crm } = world;
  const { partyId, companyId, linkId } = company;
  const before = await erp.party(partyId);
  await erp.edit(partyId, { phone: '+31 20 700 0040' });
  await crm.edit('company', companyId, { url: '' });
  const run = await sync(world);
  expect(run).toMatchObject({ state: 'done', counters: { writtenToErp: 1, writtenToCrm: 0, conflicts: 1 } });
  expect(await erp.party(partyId)).toMatchObject({ phone: before.phone, website: before.website });
  const [change] = await changesOf(world, { linkId, runId: run.id });
  expect(change).toMatchObject({ rule: 'restored', oldValue: '+31 20 700 0040', conflict: { policy: 'enforce' } });

  const { fields } = await world.api.get<{ fields: { erpField: string }[] }>(`/v1/links/${linkId}/fields`);
  const field = (name: string) => fields.find(({ erpField }) => erpField === name);
  expect(field('URL')).toMatchObject({
    state: 'agreed-to-differ',
    crm: { value: null },
    erp: { value: before.website },
  });
  expect(field('PHONE')).toMatchObject({ state: 'agreed', why: { change: { rule: 'restored', source: 'crm' } } });

  expect(await sync(world, { kind: 'compare' })).toMatchObject({ counters: { changed: 0 } });
  await crm.edit('company', companyId, { url: 'https://after.example' });
  expect(await sync(world)).toMatchObject({ counters: { writtenToErp: 1, conflicts: 0 } });
  expect((await erp.party(partyId)).website).toBe('https://after.example');
});

test('a mapping is tried on the running system, with a custom field of the CRM, and nothing is written', async () => {
  const { api, crm, erp, connectionId } = world;
  const { companyId, partyId } = company;
  const path = `/v1/connections/${connectionId}/actor-types/customer/mapping`;
  const { fields } = await api.get<{ fields: object[] }>(path);
  const example = await api.get<{ crm: { fields: { key: string; value: unknown }[] } }>(`${path}/example`, {
    erpKey: String(partyId),
  });
  expect(example.crm.fields.find(({ key }) => key === 'udef:SuperOffice:1')).toMatchObject({ value: null });
  const constant = { crmField: 'udef:SuperOffice:1', direction: 'toCrm', constant: 'from the ERP' };
  const before = [await crm.read('company', companyId), await erp.party(partyId)];
  const { id } = await api.post<Run>(`${path}/dry-run`, { active: true, fields: [...fields, constant] });
  const run = await ended(world, id);
  expect(run).toMatchObject({ state: 'done', dryRun: true, counters: { writtenToErp: 0, failed: 0 } });
  expect(run).toMatchObject({ planned: { fields: [{ crmField: 'udef:SuperOffice:1', side: 'crm' }] } });
  expect([await crm.read('company', companyId), await erp.party(partyId)]).toEqual(before);
});

interface UserRow {
  company: number;
  companies: number[];
  groups: number[];
}

/** A user of Tryton like the connection's, in a group that no other world's user is in: what becomes of its rights is theirs alone. */
async function userOfOwn(admin: TrytonRpc) {
  const login = freshName('limited').replace(' ', '-');
  const [group = 0] = await admin.call<number[]>('res.group', 'create', [[{ name: login }]]);
  const like = [['login', '=', trytonAccounts.connection.user]];
  const ids = await admin.call<number[]>('res.user', 'search', [like, 0, 1, null]);
  const [known] = await admin.call<UserRow[]>('res.user', 'read', [ids, ['company', 'companies', 'groups']]);
  if (!known) throw new Error('The connection has a user');
  const config = { user: login, password: 'Loses-A-Right-4711' };
  await admin.call('res.user', 'create', [
    [
      {
        ...{ login, password: config.password, name: login, company: known.company },
        companies: [['add', known.companies]],
        groups: [['add', [...known.groups, group]]],
      },
    ],
  ]);
  return { group, config };
}

test('fields that change in both systems are told as drift, what still works goes on, and what was seen is accepted by name', async () => {
  const { api, crm, erp, connectionId } = world;
  const { partyId, companyId } = company;
  const path = `/v1/connections/${connectionId}`;
  const failures = () => api.all<Failure>('/v1/failures', { connectionId });
  const admin = await connectTryton({ ...world.system.erp, ...trytonAccounts.admin });
  const { group, config } = await userOfOwn(admin);
  await api.post(`${path}/deactivate`);
  const { etag } = await api.request('GET', path);
  await api.request('PATCH', path, { body: { config }, headers: { 'if-match': etag } });
  await api.replace<{ fields: object[] }>(`${path}/actor-types/customer/mapping`, ({ fields }) => ({
    active: true,
    fields: [...fields, { crmField: 'udef:SuperOffice:1', direction: 'toCrm', constant: 'from the ERP' }],
  }));
  await api.post(`${path}/activate`);
  await sync(world, { kind: 'compare' });

  const closed = { perm_read: true, perm_write: false, perm_create: true, perm_delete: true };
  const right = await admin.call<number[]>('ir.model.field.access', 'create', [
    [{ model: 'party.party', field: 'name', group, ...closed }],
  ]);
  await crm.setFaults({ customFields: { company: { 'SuperOffice:1': { gone: true } } } });
  await api.post(`${path}/refresh-metadata`);
  const gone = { side: 'crm', field: 'udef:SuperOffice:1', what: 'gone' };
  const readOnly = { side: 'erp', field: 'NAME', what: 'read-only' };
  const drift = async () => (await api.get<{ drift: { actorType: string }[] }>(path)).drift;
  expect((await drift()).filter(({ actorType }) => actorType === 'customer')).toMatchObject([gone, readOnly]);
  const [failure] = await failures();
  const named = failure?.fields.filter(({ field }) => field.startsWith('customer.')) ?? [];
  expect(named.map(({ field, reason }) => [field, reason])).toEqual([
    ['customer.crm.udef:SuperOffice:1', 'drift-gone'],
    ['customer.erp.NAME', 'drift-read-only'],
  ]);

  // The comparison that the refresh began would find the edit first.
  await atRest(world);
  const { name: before } = await erp.party(partyId);
  const name = freshName('Renamed');
  await crm.edit('company', companyId, { name, phone: '+31 20 700 0041' });
  expect(await sync(world)).toMatchObject({ state: 'done-with-failures', counters: { writtenToErp: 1, rejected: 1 } });
  expect(await erp.party(partyId)).toMatchObject({ name: before, phone: '+31 20 700 0041' });

  await api.post(`/v1/failures/${failure?.id}/dismiss`, { fields: named.slice(0, 1) });
  expect(await drift()).toContainEqual(expect.objectContaining({ ...gone, accepted: true }));
  const [entry] = await api.all<AuditEntry>('/v1/audit');
  expect(entry).toMatchObject({
    ...{ act: 'drift.accept', by: { kind: 'api-key' }, from: expect.any(String), subject: { id: connectionId } },
    changes: [{ path: 'customer.drift.crm.udef:SuperOffice:1', old: { type: 'text', maxLength: 40 } }],
  });
  expect((await failures()).map(({ reason }) => reason)).toContain('fields-drifted');

  await admin.call('ir.model.field.access', 'delete', [right]);
  await api.post(`/v1/failures/${failure?.id}/retry`);
  await atRest(world);
  expect((await erp.party(partyId)).name).toBe(name);
  expect(await failures()).toEqual([]);
});
