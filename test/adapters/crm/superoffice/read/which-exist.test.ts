import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RecordSystem } from '../../../../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
let system: RecordSystem;

beforeAll(async () => {
  crm = await crmFixture();
  system = crm.connect();
});
beforeEach(async () => {
  await crm.faults({});
});
afterAll(() => crm.stop());

async function make(): Promise<string> {
  const made = (await crm.control('POST', '/records/company', { name: 'Acme' })) as { id: number };
  return String(made.id);
}

test('which companies exist takes a list call for a hundred, and no call for one that does not', async () => {
  const keys: string[] = [];
  for (let at = 0; at < 150; at += 1) keys.push(await make());
  for (const key of keys.slice(0, 5)) await crm.control('DELETE', `/records/company/${key}?purge=true`);
  await system.whichExist('company', keys.slice(5, 6));
  const before = system.callCount();
  const { found, notFound, unanswered } = await system.whichExist('company', keys);
  expect({ found, notFound, unanswered }).toEqual({ found: keys.slice(5), notFound: keys.slice(0, 5), unanswered: [] });
  expect(system.callCount() - before).toBe(3);
});

test('a key that no record can have is not answered, and one that a capped answer left out is asked for again', async () => {
  const keys = [await make(), await make(), await make(), await make()];
  await crm.faults({ pageRows: 1, nextLinks: false });
  expect(await system.whichExist('company', ['x', ...keys])).toEqual({ found: keys, notFound: [], unanswered: ['x'] });
});
