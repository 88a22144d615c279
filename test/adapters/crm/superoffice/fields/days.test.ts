import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordState, RecordSystem } from '../../../../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

const zones = ['Europe/Oslo', 'Europe/London', 'America/Los_Angeles', 'Pacific/Auckland', 'Asia/Kathmandu', 'UTC'];

let crm: CrmFixture;
let system: RecordSystem;
beforeEach(async () => {
  crm = await crmFixture();
  system = crm.connect();
});
afterEach(() => crm.stop());

const fields = ['name', 'endDate'];

async function read(key: string): Promise<RecordState> {
  const [record] = (await system.get('project', [key], fields)).records;
  if (!record) throw new Error('missing');
  return record;
}

test.each(zones)('a day is the same day on every path, both ways, at a CRM in %s', async (baseZone) => {
  await crm.faults({ baseZone });
  // In winter, in summer, and on the days on which clocks change.
  for (const day of ['2026-12-31', '2027-07-01', '2027-03-28', '2027-03-14', '2027-10-31']) {
    const cursor = await system.start('project');
    const made = await crm.control('POST', '/records/project', { name: 'Warehouse', endDate: day });
    const key = String((made as { id: number }).id);
    const seen = await read(key);
    expect(seen.values.endDate).toBe(day);
    const page = await system.listChanges({ table: 'project', fieldsByType: { project: fields }, cursor });
    expect(page.records.find((record) => record.key === key)?.values.endDate).toBe(day);
    const found = await system.search({ type: 'project', text: 'Warehouse', fields, limit: 50 });
    expect(found.records.find((record) => record.key === key)?.values.endDate).toBe(day);

    const next = day === '2026-12-31' ? '2027-06-30' : '2027-01-01';
    const write = { key, version: seen.version, values: { endDate: next }, replaces: { endDate: day } };
    const [answer] = await system.update('project', [write], fields);
    expect(answer).toMatchObject({ outcome: 'ok', stored: { name: 'Warehouse', endDate: next } });
    expect(await crm.control('GET', `/records/project/${key}`)).toMatchObject({ endDate: next });
    expect((await read(key)).values.endDate).toBe(next);
  }
});

test('the answer to a write of a day tells the version that it left', async () => {
  await crm.faults({ baseZone: 'America/Los_Angeles' });
  const made = await crm.control('POST', '/records/project', { name: 'Warehouse', endDate: '2026-12-31' });
  const key = String((made as { id: number }).id);
  crm.letTimePass(60_000);
  const write = { key, version: '', values: { endDate: null }, replaces: { endDate: '2026-12-31' } };
  const [answer] = await system.update('project', [write], fields);
  const { version, lastWriterIsUs, values } = await read(key);
  expect(answer).toMatchObject({ outcome: 'ok', version, stored: { endDate: null } });
  expect([values.endDate, lastWriterIsUs]).toEqual([null, true]);
});

test('a day that somebody moved meanwhile makes a write stale', async () => {
  const made = await crm.control('POST', '/records/project', { name: 'Warehouse', endDate: '2026-12-31' });
  const key = String((made as { id: number }).id);
  const write = { key, version: '', values: { endDate: '2027-01-02' }, replaces: { endDate: '2026-12-31' } };
  await crm.control('POST', '/edit-before-next-write', {
    type: 'project',
    id: Number(key),
    changes: { endDate: '2027-05-05' },
  });
  expect(await system.update('project', [write], fields)).toEqual([{ outcome: 'stale' }]);
});
