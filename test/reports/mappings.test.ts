/** Public reports about what a mapping makes of values and which records it is of. */
import { expect, test } from 'vitest';
import { saveMapping } from '../features/set-up-steps.ts';
import { linked, nameRow, phoneRow } from './linked-by-mapping.ts';

test('a record whose own value takes it out of the filter is written no more, and again once it is back', async () => {
  const { world, sync, crm, erp } = await linked({
    fields: [nameRow, phoneRow],
    filter: [{ field: 'BLOCKED', operator: '=', values: [false] }],
  });
  world.erp.edit('party', 'p1', { BLOCKED: true });
  await sync();
  world.erp.edit('party', 'p1', { PHONE: '+31 66' });
  world.crm.edit('contact', 'c1', { name: 'Renamed' });
  await sync();
  expect([crm().phone, erp().NAME]).toEqual(['+31 30 1', 'Firm 1']);
  world.erp.edit('party', 'p1', { BLOCKED: false });
  await sync();
  expect([crm().phone, erp().NAME]).toEqual(['+31 66', 'Renamed']);
});

test('a chosen item of a list travels by its pair both ways, whatever it is called in either system', async () => {
  const { world, mapped, sync, crm, erp } = await linked({
    fields: [nameRow, { erpField: 'CATEGORY', crmField: 'category', direction: 'both' }],
  });
  expect(mapped.status).toBe(200);
  world.erp.edit('party', 'p1', { CATEGORY: 'B' });
  await sync();
  expect(crm().category).toBe('8');
  world.crm.edit('contact', 'c1', { category: null });
  await sync();
  expect(erp().CATEGORY).toBe(null);
});

test('two fields whose names are crossed in the mapping do not get one another values', async () => {
  const fields = [
    nameRow,
    { erpField: 'PHONE', crmField: 'vatNo', direction: 'both' },
    { erpField: 'VATNO', crmField: 'phone', direction: 'both' },
  ];
  const { world, sync, crm, erp } = await linked({ fields }, { phone: null, vatNo: null });
  world.erp.edit('party', 'p1', { PHONE: 'one', VATNO: 'two' });
  await sync();
  expect(crm()).toMatchObject({ vatNo: 'one', phone: 'two' });
  world.crm.edit('contact', 'c1', { vatNo: '1', phone: '2' });
  await sync();
  expect(erp()).toMatchObject({ PHONE: '1', VATNO: '2' });
});

test('a second source of one target is refused with its place, and so is a constant', async () => {
  const { world, id } = await linked({
    fields: [nameRow, { erpField: 'PHONE', crmField: 'note', direction: 'toCrm' }],
  });
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const first = { erpField: 'PHONE', crmField: 'note', direction: 'toCrm' };
  for (const second of [
    { erpField: 'VATNO', crmField: 'note', direction: 'both' },
    { crmField: 'note', direction: 'toCrm', constant: 'x' },
  ]) {
    expect(await saveMapping(world, id, { active: true, fields: [nameRow, first, second] })).toMatchObject({
      status: 422,
      json: { errors: [{ path: 'fields[2].crmField' }] },
    });
  }
});
