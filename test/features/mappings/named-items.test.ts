/** Items of lists that a mapping names: by constants and by conditions of its filter. */
import { expect, test } from 'vitest';
import type { ListItem } from '../../../functions/core/model/field.ts';
import { ApiWorld } from '../api-world.ts';
import { addConnection, customerMapping, saveMapping, withCrm } from '../set-up-steps.ts';

const toErp = (constant: unknown) => ({ erpField: 'CATEGORY', direction: 'toErp', constant });
const toCrm = (constant: unknown) => ({ crmField: 'category', direction: 'toCrm', constant });
const oneOf = (...values: unknown[]) => ({ field: 'COUNTRY', operator: 'oneof', values });

async function inactive() {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const mapping = (rows: readonly unknown[], ...filter: unknown[]) => ({
    active: true,
    fields: [...customerMapping.fields, ...rows],
    filter,
  });
  const save = (...given: Parameters<typeof mapping>) => saveMapping(world, id, mapping(...given));
  return { world, id, mapping, save };
}

/** Every list of the ERP has these from now on; which are asked for. */
function listsAsked(world: ApiWorld, items: ListItem[]): string[] {
  const asked: string[] = [];
  world.erp.listItems = async (name) => {
    asked.push(name);
    return items;
  };
  return asked;
}

const noSuchItem = 'The list has no such item';

test('an item that its list has not is refused with its place, in a constant of either side and in a filter', async () => {
  const { world, id, mapping, save } = await inactive();
  const wrong = [[toErp('Z'), toCrm('99')], oneOf('1', '4'), { ...oneOf('5'), operator: 'notoneof' }] as const;
  const errors = [
    { path: 'fields[4].constant', message: noSuchItem },
    { path: 'fields[5].constant', message: noSuchItem },
    { path: 'filter[0].values[1]', message: noSuchItem },
    { path: 'filter[1].values[0]', message: noSuchItem },
  ];
  expect(await save(...wrong)).toMatchObject({ status: 422, json: { errors } });
  const path = `/v1/connections/${id}/actor-types/customer/mapping/dry-run`;
  expect(await world.send('POST', path, { body: mapping(...wrong) })).toMatchObject({ status: 422, json: { errors } });
  expect((await save([toErp('A'), toCrm('7')], oneOf('1', '2'))).status).toBe(200);
});

test('an item that is gone from its list may stay where it stands, and nothing is asked for it', async () => {
  const { world, save } = await inactive();
  await save([toErp('A')], oneOf('1'));
  const asked = listsAsked(world, [{ key: 'B', text: 'Other' }]);
  expect((await save([{ ...toErp('A'), enforce: true }], oneOf('1'))).status).toBe(200);
  expect(asked).toEqual([]);
  expect((await save([toErp('C')], oneOf('1'))).json.errors).toEqual([
    { path: 'fields[4].constant', message: noSuchItem },
  ]);
  expect(asked).toEqual(['category']);
});

test('what else is wrong is told before a list is asked for', async () => {
  const { world, save } = await inactive();
  const asked = listsAsked(world, []);
  expect((await save([toErp('Z')], { field: 'NOPE', operator: '=', values: ['1'] })).json.errors).toEqual([
    { path: 'filter[0].field', message: 'The ERP has no such field' },
  ]);
  expect(asked).toEqual([]);
});
