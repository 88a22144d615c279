import { expect, test } from 'vitest';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };
const stamps = { _timestamp: '1', last_modified_at: '2026-11-23T11:00:00.000Z', write_uid: 1, create_uid: 1 };
const rows = { 'addresses.': [], 'contact_mechanisms.': [], 'identifiers.': [] };
const party = (id: number, name: string) => ({
  ...{ id, _write: 1, ...stamps, name, code: String(id), active: true, replaced_by: null },
  ...rows,
});

function system() {
  const http = scriptedTryton({
    'model.party.party.search_read': [{ result: [party(1, 'Jan van den Berg'), party(2, 'Anna Maria Bos')] }],
    'model.ir.model.field.search_read': [{ result: [] }],
    'model.party.address.fields_get': [{ result: {} }],
  });
  return tryton({ http, runtime, url: 'https://e.example', config: { database: 'e', user: 'x' }, password: 'y' });
}

test('a name is told whole, with the words of parts that nobody mapped, as it is and as it would be', async () => {
  const names = await system().wholeNames(
    'person',
    [
      { key: '1', values: { LASTNAME: 'van der Meer' } },
      { key: '2', values: {} },
    ],
    ['LASTNAME'],
  );
  expect(names.get('1')).toEqual({ now: 'Jan van den Berg', after: 'Jan van der Meer' });
  expect(names.get('2')).toEqual({ now: 'Anna Maria Bos', after: 'Anna Maria Bos' });
});

test('a change that would be refused leaves the name as it is', async () => {
  const change = { key: '1', values: { LASTNAME: 'Berg' } };
  expect((await system().wholeNames('person', [change], ['LASTNAME'])).get('1')?.after).toBe('Jan van den Berg');
});

test('of types whose name is one field nothing is told or asked', async () => {
  expect(await system().wholeNames('customer', [{ key: '1', values: {} }], ['NAME'])).toEqual(new Map());
});
