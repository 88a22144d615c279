/** What only a status says: a page of something in front of the CRM is no word of the CRM's on a record, a user or a value. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RecordSystem } from '../../../../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
let system: RecordSystem;
let key: string;

beforeAll(async () => {
  crm = await crmFixture();
  system = crm.connect();
  const { id } = (await crm.control('POST', '/records/company', { name: 'Acme' })) as { id: number };
  key = String(id);
});
afterAll(() => crm.stop());
beforeEach(() => crm.faults({}));

const passes = { kind: 'transient' };

test.each(['400-page', '401-page', '403-page', '404-page'])(
  'a list in whose place a page comes (%s) is an outage that passes',
  async (action) => {
    const cursor = await system.start('contact');
    await crm.faults({ rules: [{ kind: 'list', action, times: 99 }] });
    await expect(system.get('company', [key], ['name'])).rejects.toMatchObject(passes);
    const list = { table: 'contact', fieldsByType: { company: ['name'] }, cursor };
    await expect(system.listChanges(list)).rejects.toMatchObject(passes);
  },
);

test('a sign-in in whose place a page comes is not refused', async () => {
  for (const action of ['400-page', '401-page']) {
    await crm.faults({ rules: [{ kind: 'auth', action, times: 1 }] });
    const fresh = crm.connect();
    await expect(fresh.get('company', [key], ['name']), action).rejects.toMatchObject(passes);
    expect((await fresh.get('company', [key], ['name'])).records, action).toHaveLength(1);
  }
});

test('a record in whose place a page comes is not missing', async () => {
  const page = { kind: 'get', action: '404-page', times: 99 };
  await crm.faults({ rules: [page], forbidden: [{ type: 'company', id: Number(key) }] });
  const { missing, failed } = await system.get('company', [key], ['name']);
  expect(missing).toEqual([]);
  expect(failed).toMatchObject([{ key, error: passes }]);
});

test.each(['400-page', '403-page', '404-page'])(
  'a write in whose place a page comes (%s) parks nothing and takes no right away',
  async (action) => {
    const [record] = (await system.get('company', [key], ['name'])).records;
    const write = { key, version: record?.version ?? '', values: { name: '<b>' }, replaces: { name: 'Acme' } };
    await crm.faults({ rules: [{ kind: 'patch', action, times: 99 }] });
    const answers = await system.update('company', [write, write], ['name']);
    const failed = { outcome: 'failed', error: passes };
    expect(answers).toMatchObject([failed, failed]);
  },
);

test('an answer cut short is an outage on a read, and leaves a write open', async () => {
  await crm.faults({ rules: [{ kind: 'list', action: 'cut', times: 1 }] });
  await expect(system.get('company', [key], ['name'])).rejects.toMatchObject(passes);
  const [record] = (await system.get('company', [key], ['name'])).records;
  const write = { key, version: record?.version ?? '', values: { name: 'Acme 2' }, replaces: { name: 'Acme' } };
  await crm.faults({ rules: [{ kind: 'patch', action: 'cut', times: 1 }] });
  expect(await system.update('company', [write], ['name'])).toMatchObject([
    { outcome: 'failed', error: { kind: 'unknown-outcome' } },
  ]);
});
