import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordSystem } from '../../../../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
let system: RecordSystem;
beforeAll(async () => {
  crm = await crmFixture();
  system = crm.connect();
});
afterAll(() => crm.stop());

const groupsOf = async (type: string) =>
  Object.fromEntries(
    [...Map.groupBy(await system.describe(type), ({ group }) => group)].map(([group, fields]) => [
      group ?? 'none',
      fields.map(({ key }) => key),
    ]),
  );

const leaves = ['address1', 'address2', 'address3', 'zip', 'city', 'county', 'state'];
const of = (part: string) => leaves.map((leaf) => `${part}.${leaf}`);

test('the parts of a name and of each address are groups, and nothing else is', async () => {
  const company = await groupsOf('company');
  expect(company).toMatchObject({ street: of('street'), postal: of('postal') });
  expect(company.none).toContain('country');
  const person = await groupsOf('person');
  expect(person).toMatchObject({ name: ['firstName', 'middleName', 'lastName'], postal: of('postal') });
  expect(person.none).toContain('title');
  expect(Object.keys(await groupsOf('project'))).toEqual(['none']);
});

test('a name of three parts keeps them, and a part that is written leaves the others', async () => {
  const name = { firstName: 'Jan', middleName: 'van den', lastName: 'Berg' };
  const made = (await crm.control('POST', '/records/person', name)) as { id: number };
  const key = String(made.id);
  const fields = Object.keys(name);
  expect((await system.get('person', [key], fields)).records[0]?.values).toEqual(name);
  const write = { key, version: '', values: { firstName: 'Johan' }, replaces: { firstName: 'Jan' } };
  const stored = { ...name, firstName: 'Johan' };
  expect(await system.update('person', [write], fields)).toMatchObject([{ outcome: 'ok', stored }]);
  expect(await crm.control('GET', `/records/person/${key}`)).toMatchObject(stored);
});
