/** What was refused by a mapping that is another one by now. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';

const [nameRow] = customerMapping.fields;
const digits = { erpField: 'VATNO', crmField: 'vatNo', direction: 'toErp', transform: { kind: 'digits' } };

/** A link whose VAT number has no digit that could go to the ERP. */
async function refused() {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 1);
  world.crm.edit('contact', 'c1', { vatNo: 'none yet' });
  const remap = async (row: object) => {
    await world.send('POST', `/v1/connections/${id}/deactivate`);
    expect((await saveMapping(world, id, { active: true, fields: [nameRow, row] })).status).toBe(200);
    await world.send('POST', `/v1/connections/${id}/activate`);
    await world.work();
  };
  await remap(digits);
  await connect(world, id, pair(1));
  await world.work();
  const reasons = async () => {
    const { items } = (await world.send('GET', `/v1/failures?connectionId=${id}`)).json;
    return items.flatMap(({ fields }: { fields: { reason: string }[] }) => fields.map(({ reason }) => reason));
  };
  return { world, id, remap, reasons };
}

test('a refusal is over once its field goes the other way only, and is met again when it goes that way again', async () => {
  const { world, remap, reasons } = await refused();
  expect(await reasons()).toEqual(['not-transformable']);
  await remap({ ...digits, direction: 'toCrm' });
  expect(await reasons()).toEqual([]);
  expect(world.crm.valuesOf('contact', 'c1').vatNo).toBe('none yet');
  await remap(digits);
  expect(await reasons()).toEqual(['not-transformable']);
});

test('a dry run of a mapping tells of no refusal that its saving would not leave', async () => {
  const { world, id, remap, reasons } = await refused();
  const mapping = { active: true, fields: [nameRow, { ...digits, direction: 'toCrm' }] };
  const path = `/v1/connections/${id}/actor-types/customer/mapping/dry-run`;
  const { json } = await world.send('POST', path, { body: mapping });
  await world.work();
  expect((await world.send('GET', `/v1/sync-runs/${json.id}`)).json.planned.refused).toEqual([]);
  await remap({ ...digits, direction: 'toCrm' });
  expect(await reasons()).toEqual([]);
});
