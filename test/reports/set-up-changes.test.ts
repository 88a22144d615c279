/** Public reports about set-up that changes, in the systems or with us, while records are linked. */
import { expect, test } from 'vitest';
import { erpSays } from '../features/connections/drifted.ts';
import { goodConfig, saveMapping } from '../features/set-up-steps.ts';
import { linked, nameRow, phoneRow } from './linked-by-mapping.ts';

const categoryRow = { erpField: 'CATEGORY', crmField: 'category', direction: 'both' };
const vatRow = { erpField: 'VATNO', crmField: 'vatNo', direction: 'both' };
const two = { fields: [nameRow, phoneRow] };

type Linked = Awaited<ReturnType<typeof linked>>;

const failuresOf = async ({ world }: Linked) => (await world.send('GET', '/v1/failures')).json.items;
const tables = ({ world }: Linked) => [world.crm.tables.get('contact')?.size, world.erp.tables.get('party')?.size];
const writes = ({ world }: Linked) => world.crm.written.length + world.erp.written.length;

test('a mapped field that is gone from a system is told once, and the others go on', async () => {
  const made = await linked({ fields: [nameRow, phoneRow, vatRow] }, { vatNo: null });
  const { world, id, sync, crm } = made;
  erpSays(world, 'VATNO', undefined);
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  world.erp.edit('party', 'p1', { PHONE: '+31 66' });
  await sync();
  expect(crm().phone).toBe('+31 66');
  expect(await failuresOf(made)).toMatchObject([
    { reason: 'fields-drifted', fields: [{ field: 'customer.erp.VATNO', reason: 'drift-gone' }] },
  ]);
});

test('a field that becomes shorter is told, and a value that no longer fits is refused whole', async () => {
  const made = await linked(two);
  const { world, id, sync, erp } = made;
  erpSays(world, 'NAME', { maxLength: 8 });
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  world.crm.edit('contact', 'c1', { name: 'Much too long a name', phone: '+31 66' });
  await sync();
  expect(erp()).toMatchObject({ NAME: 'Firm 1', PHONE: '+31 66' });
  const reasons = (await failuresOf(made)).map(({ reason }: { reason: string }) => reason);
  expect(reasons.toSorted()).toEqual(['fields-drifted', 'fields-left-alone']);
});

test('what is edited while a field is added to the mapping arrives, and so does the field', async () => {
  const { world, id, sync, crm } = await linked(two);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  world.erp.edit('party', 'p1', { PHONE: '+31 66', VATNO: 'NL1' });
  expect(await saveMapping(world, id, { active: true, fields: [...two.fields, vatRow] })).toMatchObject({
    status: 200,
  });
  world.crm.edit('contact', 'c1', { vatNo: null });
  world.erp.edit('party', 'p1', { NAME: 'Renamed' });
  await world.send('POST', `/v1/connections/${id}/activate`);
  await world.work();
  await sync();
  expect(crm()).toMatchObject({ phone: '+31 66', name: 'Renamed', vatNo: 'NL1' });
});

test('a mapping that was read and is saved again as it is keeps each row', async () => {
  const { world, id } = await linked({
    fields: [nameRow, { ...phoneRow, direction: 'toCrm', noBlanks: true }, vatRow],
  });
  const path = `/v1/connections/${id}/actor-types/customer/mapping`;
  const { json: before } = await world.send('GET', path);
  expect(await world.change('PUT', path, before)).toMatchObject({ status: 200, json: { fields: before.fields } });
  expect((await world.send('GET', path)).json.fields).toEqual(before.fields);
});

test('an edit of another field empties no list, whether its item has a counterpart or not', async () => {
  const { world, sync, crm, erp } = await linked({ fields: [nameRow, categoryRow] });
  for (const item of ['8', '9']) {
    world.crm.edit('contact', 'c1', { category: item });
    await sync();
    world.erp.edit('party', 'p1', { NAME: `Firm of ${item}` });
    await sync();
    world.crm.edit('contact', 'c1', { note: 'edited' });
    await sync('compare');
    expect([crm().name, crm().category, erp().CATEGORY]).toEqual([`Firm of ${item}`, item, 'B']);
  }
});

test('an item that the other list does not have waits, is offered, and travels once it has a counterpart', async () => {
  const { world, id, sync, erp } = await linked({ fields: [nameRow, categoryRow] });
  world.crm.edit('contact', 'c1', { category: '7' });
  await sync();
  const { json } = await world.send('GET', `/v1/connections/${id}/unmapped-items`);
  expect(json.items).toMatchObject([{ item: '7' }]);
  await world.change('PUT', `/v1/connections/${id}/list-mappings`, {
    lists: [
      {
        ...{ erpList: 'category', crmList: 'category' },
        pairs: [
          { erpItem: 'B', crmItem: '8' },
          { erpItem: 'A', crmItem: '7' },
        ],
      },
    ],
  });
  await world.work();
  await sync();
  expect(erp().CATEGORY).toBe('A');
});

test('the name of a connection that was deleted is free, and the deleted one is restored once it is free again', async () => {
  const { world, id } = await linked(two);
  const [{ connectorId, name }] = (await world.send('GET', '/v1/connections')).json.items;
  await world.change('DELETE', `/v1/connections/${id}`);
  const body = { connectorId, name, config: goodConfig };
  const again = await world.send('POST', '/v1/connections', { body });
  expect(again.status).toBe(201);
  expect((await world.send('POST', `/v1/connections/${id}/restore`)).status).toBe(409);
  await world.change('PATCH', `/v1/connections/${again.json.id}`, { name: 'Another' });
  expect(await world.send('POST', `/v1/connections/${id}/restore`)).toMatchObject({ status: 200, json: { name } });
});

test('a record renamed on either side is the same record on the other, and none is made', async () => {
  const made = await linked(two);
  const { world, sync, crm, erp } = made;
  const before = tables(made);
  world.erp.edit('party', 'p1', { NAME: 'Renamed there' });
  await sync();
  expect(crm().name).toBe('Renamed there');
  world.crm.edit('contact', 'c1', { name: 'Renamed here' });
  await sync();
  expect([erp().NAME, tables(made)]).toEqual(['Renamed here', before]);
});

test('however often records are synchronised and compared, none is made and none is written', async () => {
  const made = await linked(two);
  const before = [tables(made), writes(made)];
  for (const kind of ['sync', 'compare', 'sync', 'compare']) await made.sync(kind);
  expect([tables(made), writes(made)]).toEqual(before);
});

test('a telephone number that is spelled otherwise on both sides is neither written nor listed', async () => {
  const made = await linked(two);
  const { world, sync } = made;
  world.erp.edit('party', 'p1', { PHONE: '+31 (0)30 1234567' });
  await sync();
  world.crm.edit('contact', 'c1', { phone: '+31301234567' });
  await sync();
  const before = writes(made);
  for (const kind of ['compare', 'sync', 'compare']) await sync(kind);
  expect([writes(made), await failuresOf(made)]).toEqual([before, []]);
});
