/** What a person decided of a conflict and no system takes: it is asked again, with the words of who refused it. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

const long = 'x'.repeat(300);

/** A link that asks about its name: the ERP's is too long for the CRM; `refuses`: phones that the CRM takes from nobody. */
async function asked() {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  await connect(world, connectionId, pair(1));
  await world.work();
  await world.change('PATCH', `/v1/connections/${connectionId}`, { conflictPolicy: { kind: 'ask' } });
  world.nowMs += 60_000;
  const refusing = { phone: false, sent: 0 };
  const { update } = world.crm;
  world.crm.update = async (type, writes, fields) => {
    if (!refusing.phone || !writes.some(({ values }) => 'phone' in values)) {
      return update.call(world.crm, type, writes, fields);
    }
    refusing.sent += 1;
    return writes.map(() => ({ outcome: 'rejected', field: 'phone', explanation: 'Not that phone.' }));
  };
  return { world, connectionId, refusing };
}

type Asked = Awaited<ReturnType<typeof asked>>;

const conflictsOf = async ({ world }: Asked) => (await world.send('GET', '/v1/conflicts')).json.items;
const failuresOf = async ({ world }: Asked) => (await world.send('GET', '/v1/failures')).json.items;

async function edit(of: Asked, crm: Record<string, string>, erp: Record<string, string>) {
  of.world.crm.edit('contact', 'c1', crm);
  of.world.erp.edit('party', 'p1', erp);
  return ran(of, 'sync');
}

async function ran(of: Asked, kind: string) {
  await of.world.send('POST', '/v1/sync-runs', { body: { kind, connectionId: of.connectionId } });
  await of.world.work();
  return conflictsOf(of);
}

async function resolve(of: Asked, id: string, body: object) {
  expect((await of.world.send('POST', `/v1/conflicts/${id}/resolve`, { body })).status).toBe(202);
  await of.world.work();
  return conflictsOf(of);
}

test('the side that a person kept is too long for the other: the conflict stays listed, and the other side can be kept', async () => {
  const of = await asked();
  const [conflict] = await edit(of, { name: 'Firm C' }, { NAME: long });
  const base = { crm: 'Firm 1', erp: 'Firm 1' };
  const again = await resolve(of, conflict.id, { keep: 'erp' });
  expect(again).toMatchObject([{ id: conflict.id, reason: 'decision-refused', base, crm: 'Firm C', erp: long }]);
  expect(await ran(of, 'compare')).toMatchObject([{ reason: 'decision-refused' }]);
  expect(await resolve(of, conflict.id, { keep: 'crm' })).toEqual([]);
  expect(of.world.erp.valuesOf('party', 'p1').NAME).toBe('Firm C');
  expect(await failuresOf(of)).toEqual([]);
  const log = (await of.world.send('GET', '/v1/changes')).json.items;
  const decided = { winner: 'crm', policy: 'resolved', base, crm: 'Firm C', erp: long };
  expect(log).toContainEqual(expect.objectContaining({ crmField: 'name', rule: 'resolved', conflict: decided }));
});

test('a system refuses what a person decided: it is sent once, shown with its words, and again when a person retries', async () => {
  const of = await asked();
  const [conflict] = await edit(of, { phone: '+31 72' }, { PHONE: '+31 71' });
  of.refusing.phone = true;
  expect(await resolve(of, conflict.id, { keep: 'erp' })).toMatchObject([{ reason: 'decision-refused' }]);
  for (const kind of ['sync', 'compare']) await ran(of, kind);
  expect(of.refusing.sent).toBe(1);
  const [failure] = await failuresOf(of);
  expect(failure).toMatchObject({
    fields: [{ kind: 'conflict', reason: 'decision-refused', explanation: 'Not that phone.' }],
  });
  of.refusing.phone = false;
  await of.world.send('POST', `/v1/failures/${failure.id}/retry`);
  await of.world.work();
  expect(await conflictsOf(of)).toEqual([]);
  expect(of.world.crm.valuesOf('contact', 'c1').phone).toBe('+31 71');
});

test('a value that a person entered and one side refuses is asked about as it stands now, and another one goes', async () => {
  const of = await asked();
  const [conflict] = await edit(of, { phone: '+31 72' }, { PHONE: '+31 71' });
  of.refusing.phone = true;
  const again = await resolve(of, conflict.id, { value: '+31 73' });
  expect(again).toMatchObject([{ reason: 'decision-refused', base: { crm: '+31 30 1' } }]);
  of.refusing.phone = false;
  expect(await resolve(of, conflict.id, { value: '+31 74' })).toEqual([]);
  expect(of.world.crm.valuesOf('contact', 'c1').phone).toBe('+31 74');
  expect(of.world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 74');
});

test('of many that are decided by a rule those that are refused are listed with that reason, and decided by another', async () => {
  const of = await asked();
  await edit(of, { name: 'Firm C', phone: '+31 72' }, { NAME: long, PHONE: '+31 71' });
  const rule = (body: object) => of.world.send('POST', '/v1/conflicts/resolve', { body });
  expect((await rule({ keep: 'erp' })).json).toMatchObject({ resolved: 2 });
  await of.world.work();
  expect(await conflictsOf(of)).toMatchObject([{ erpField: 'NAME', reason: 'decision-refused' }]);
  expect((await rule({ keep: 'crm', reason: 'decision-refused' })).json).toMatchObject({ resolved: 1 });
  await of.world.work();
  expect(await conflictsOf(of)).toEqual([]);
  expect(of.world.erp.valuesOf('party', 'p1')).toMatchObject({ NAME: 'Firm C', PHONE: '+31 71' });
});

test('of a value made of several fields the part that is refused is asked about, and a decision on it goes for all of them', async () => {
  const of = await asked();
  const setup = await of.world.app.connections.getWholeSetup(of.world.tenantId, of.connectionId);
  for (const type of setup?.actorTypes ?? []) {
    const isOne = (key: string) => ['name', 'phone'].includes(key);
    const crmFields = type.crmFields.map((field) => (isOne(field.key) ? { ...field, group: 'card' } : field));
    await of.world.app.connections.replaceActorType({ ...type, crmFields });
  }
  const listed = await edit(of, { name: 'Firm C', phone: '+31 72' }, { NAME: long, PHONE: '+31 71' });
  const phone = listed.find(({ erpField }: { erpField: string }) => erpField === 'PHONE');
  const again = await resolve(of, phone.id, { keep: 'erp' });
  expect(again).toMatchObject([{ erpField: 'NAME', reason: 'decision-refused' }]);
  expect(of.world.crm.valuesOf('contact', 'c1').phone).toBe('+31 72');
  expect(await resolve(of, again[0].id, { keep: 'crm' })).toEqual([]);
  expect(of.world.erp.valuesOf('party', 'p1')).toMatchObject({ NAME: 'Firm C', PHONE: '+31 72' });
  expect(await failuresOf(of)).toEqual([]);
});
