import { expect, test } from 'vitest';
import { linkItem, readLink } from '../../../../../functions/adapters/aws/dynamodb/links/link-items.ts';
import { aLink } from '../../../../contract/stores-fixtures.ts';

const link = aLink({
  fieldStates: { 'NAME~name': { agreed: { crm: 'A', erp: 'a' }, overtaken: 'unclear' } },
  intent: {
    token: 't1',
    runId: 'r1',
    chunkId: 'k1',
    expiresAtMs: 1,
    versions: { crm: '1', erp: '2' },
    readAtMs: { crm: 3, erp: 4 },
    writes: [
      {
        field: 'NAME~name',
        erpField: 'NAME',
        crmField: 'name',
        side: 'crm',
        replaces: null,
        sends: 'A',
        source: 'a',
        rule: 'changed-in-erp',
        conflict: false,
      },
    ],
  },
});

test('a link is read as it was stored', () => {
  expect(readLink(linkItem(link))).toEqual(link);
});

test('field states, intended writes and ends keep the names under which earlier versions stored them', () => {
  const item = linkItem(link);
  expect(item).toMatchObject({
    fields: { 'NAME~name': { overtaken: 'unclear' } },
    intent: { fields: [{ sends: 'A' }] },
    crmType: 'company',
    crmKey: 'crm 1',
    actorType: 'customer',
    erpKey: 'erp#1',
  });
  expect(Object.keys(item)).not.toContain('fieldStates');
  expect(Object.keys(item)).not.toContain('ends');
});

test('a stored overtaken write of the former name is read under the present one', () => {
  const stored = {
    ...linkItem(link),
    fields: { 'NAME~name': { overtaken: 'unproven' }, 'CITY~city': { overtaken: 'moved' } },
  };
  expect(readLink(stored).fieldStates).toEqual({
    'NAME~name': { overtaken: 'unclear' },
    'CITY~city': { overtaken: 'moved' },
  });
});
