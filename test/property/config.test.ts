/** Whatever was set up, its file makes the same in an empty tenant, and changes nothing where it comes from. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiWorld } from '../features/api-world.ts';
import { apply, emptyTenant, exported, filled, plan } from '../features/config/config-world.ts';
import { addConnection, saveMapping, withCrm } from '../features/set-up-steps.ts';
import { settingsFor } from './histories.ts';

const keys = ['NAME', 'NUMBER1', 'PHONE', 'VATNO', 'COUNTRY', 'CATEGORY', 'BLOCKED'];
const rows = [
  { erpField: 'NAME', crmField: 'name', direction: 'both', showInErpTab: true },
  { erpField: 'PHONE', crmField: 'phone', direction: 'toCrm', noBlanks: true },
  { erpField: 'VATNO', crmField: 'vatNo', direction: 'none', showInSearch: true },
  { erpField: 'CATEGORY', crmField: 'category', direction: 'toCrm', enforce: true },
  { crmField: 'note', direction: 'toCrm', constant: 'no' },
];

const setUp = fc.record({
  name: fc.constantFrom('Demo', '2nd: "odd" # name', 'Ünï', 'no'),
  type: fc.constantFrom('customer', 'supplier'),
  active: fc.boolean(),
  fields: fc.shuffledSubarray(rows),
  filter: fc.option(fc.constant([{ field: 'BLOCKED', operator: '=', values: [false] }]), { nil: undefined }),
  defaults: fc.shuffledSubarray([
    { erpField: 'PHONE', value: '+31 1', ask: true },
    { erpField: 'COUNTRY', value: '2' },
    { erpField: 'VATNO', ask: true, mandatory: true },
  ]),
  order: fc.option(fc.shuffledSubarray(keys, { minLength: keys.length }), { nil: undefined }),
  patch: fc.record(
    {
      description: fc.constantFrom('yes', 'A: b', '- c'),
      intervalMinutes: fc.integer({ min: 1, max: 99 }),
      scope: fc.constantFrom('everyone', { users: ['10', '5'], groups: [] }),
    },
    { requiredKeys: [] },
  ),
});

test('what is exported from any set-up makes the same in an empty tenant, and changes nothing at home', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(setUp, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
      async (all) => {
        const world = new ApiWorld();
        await withCrm(world);
        for (const { name, type, active, fields, filter, defaults, order, patch } of all) {
          const id = await addConnection(world, name);
          const path = `/v1/connections/${id}/actor-types/${type}`;
          const saved = [
            await saveMapping(world, id, { active, fields, filter }, type),
            await world.change('PUT', `${path}/defaults`, { defaults }),
            await world.change('PATCH', `/v1/connections/${id}`, patch),
          ];
          if (order) saved.push(await world.change('PUT', `${path}/field-order`, { erpFields: order }));
          expect(saved.map(({ status }) => status)).toEqual(saved.map(() => 200));
        }
        const file = await exported(world);
        expect((await plan(world, filled(file))).json).toMatchObject({ same: true, leftAlone: [] });
        const to = await emptyTenant(world);
        const { json } = await apply(world, filled(file), to);
        expect(json.connections.flatMap(({ errors }: { errors: object[] }) => errors)).toEqual([]);
        expect(await exported(world, to)).toEqual(file);
        expect((await plan(world, filled(file), to)).json.same).toBe(true);
      },
    ),
    settingsFor(25),
  );
});
