/** Public reports of days that shift by a zone, on the wire of the CRM. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CrmFixture, crmFixture } from '../adapters/crm/superoffice/superoffice-fixture.ts';

let crm: CrmFixture;
const zone = process.env.TZ;
beforeAll(async () => {
  crm = await crmFixture();
});
afterAll(async () => {
  await crm.stop();
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each([
  ['Europe/Berlin', 1],
  ['Pacific/Auckland', 2],
  ['America/Los_Angeles', 3],
])('a day goes out and comes back as itself where the process runs in %s', async (timeZone, id) => {
  process.env.TZ = timeZone;
  const key = String(id);
  const system = crm.connect();
  await crm.control('POST', '/records/project', { id, name: `Project ${id}`, endDate: '1980-06-02' });
  const read = async () => (await system.get('project', [key], ['endDate'])).records[0];
  const before = await read();
  expect(before?.values.endDate).toBe('1980-06-02');
  const write = async (replaced: string | null, endDate: string | null) =>
    system.update(
      'project',
      [{ key, version: before?.version ?? '', values: { endDate }, replaces: { endDate: replaced } }],
      ['endDate'],
    );
  expect(await write('1980-06-02', '2026-12-31')).toMatchObject([{ outcome: 'ok', stored: { endDate: '2026-12-31' } }]);
  expect((await read())?.values.endDate).toBe('2026-12-31');
  expect(await write('2026-12-31', null)).toMatchObject([{ outcome: 'ok', stored: { endDate: null } }]);
  expect((await read())?.values.endDate).toBeNull();
});
