import { expect, test } from 'vitest';
import type { MappedField } from '../../../functions/core/mapping/mapping.ts';
import { failureId, type LookFacts, recordLook, type SideAnswer } from '../../../functions/core/merge/outcome.ts';
import { planLink } from '../../../functions/core/merge/plan.ts';
import type { FieldState, Link } from '../../../functions/core/model/link.ts';
import type { Values } from '../../../functions/core/values/value.ts';

const text = (key: string) =>
  ({ key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false }) as const;
const mapping: MappedField[] = ['name', 'city'].map((name) => ({
  erpField: name.toUpperCase(),
  crmField: name,
  direction: 'both',
  showInSearch: false,
  showInErpTab: false,
  erp: text(name.toUpperCase()),
  crm: text(name),
}));

const agreed = (value: string): FieldState => ({ agreed: { crm: value, erp: value } });
const base = { 'NAME~name': agreed('A'), 'CITY~city': agreed('U') };

function linkWith(more: Partial<Link> = {}): Link {
  return {
    tenantId: 't',
    id: 'l',
    connectionId: 'c',
    ends: {
      crm: { type: 'company', table: 'contact', key: '1' },
      erp: { type: 'customer', table: 'party', key: 'e' },
    },
    state: 'active',
    revision: 1,
    fields: base,
    choices: {},
    seen: {},
    openFailures: [],
    createdAt: '2026-11-23T00:00:00.000Z',
    createdBy: 'test',
    ...more,
  };
}

interface Given {
  readonly link?: Partial<Link>;
  readonly crm?: Values;
  readonly erp?: Values;
  readonly answer?: SideAnswer;
}

/** A look that writes to the ERP what the CRM holds. */
function look(given: Given) {
  const link = linkWith(given.link);
  const crm = { name: 'A', city: 'U', ...given.crm };
  const erp = { NAME: 'A', CITY: 'U', ...given.erp };
  const plan = planLink({
    fields: link.fields,
    choices: {},
    crm: { values: crm },
    erp: { values: erp },
    mapping,
    policy: { kind: 'crm-wins' },
    timeResolutionMs: { crm: 0, erp: 0 },
  });
  const ids = [1, 2, 3, 4].values();
  const facts: LookFacts = {
    link,
    plan,
    read: { crm: { version: 'c1', values: crm }, erp: { version: 'e1', values: erp } },
    answers: { crm: { outcome: 'none' }, erp: given.answer ?? { outcome: 'none' } },
    covered: { crm: ['name', 'city'], erp: ['NAME', 'CITY'] },
    runId: 'r',
    at: '2026-11-23T00:00:00.000Z',
    newId: () => `id${ids.next().value}`,
  };
  return recordLook(facts);
}

test('a proven write becomes last agreed as it was stored, and the record as seen', () => {
  const record = look({
    crm: { name: 'B' },
    answer: { outcome: 'ok', version: 'e2', stored: { NAME: 'B.', CITY: 'U' } },
  });
  expect(record.after.fields['NAME~name']).toEqual({ agreed: { crm: 'B', erp: 'B.' } });
  expect(record.after.seen.erp?.version).toBe('e2');
  expect(record.again).toBe(false);
  expect(record.changes).toMatchObject([{ side: 'erp', oldValue: 'A', newValue: 'B.', rule: 'changed-in-crm' }]);
});

test('a write whose answer proves nothing keeps the value sent, is not seen, and leaves the link due', () => {
  const record = look({ crm: { name: 'B' }, answer: { outcome: 'ok' } });
  expect(record.after.fields['NAME~name']).toMatchObject({ agreed: { crm: 'B', erp: 'B' }, unproven: { rounds: 1 } });
  expect(record.after.seen.erp).toBeUndefined();
  expect(record.again).toBe(true);
});

test("somebody's edit of another field, seen in the answer to our write, leaves the link due", () => {
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'B', CITY: 'theirs' } } as const;
  const record = look({ crm: { name: 'B' }, answer });
  expect(record.after.seen.erp).toBeUndefined();
  expect(record.after.fields['CITY~city']).toEqual(agreed('U'));
  expect(record.again).toBe(true);
});

test('a lost answer keeps the intent of the writes concerned and moves nothing', () => {
  const field = {
    field: 'NAME~name',
    erpField: 'NAME',
    crmField: 'name',
    side: 'erp' as const,
    rule: 'changed-in-crm',
  };
  const intent = {
    token: 't',
    runId: 'r',
    chunkId: 'c',
    expiresAtMs: 1,
    versions: { crm: 'c1', erp: 'e1' },
    readAtMs: { crm: 0, erp: 0 },
    fields: [{ ...field, replaces: 'A', sends: 'B', source: 'B', conflict: false }],
  };
  const record = look({ link: { intent }, crm: { name: 'B' }, answer: { outcome: 'unknown' } });
  expect(record.after.intent?.fields).toHaveLength(1);
  expect(record.after.fields['NAME~name']).toEqual(agreed('A'));
  expect(record.changes).toEqual([]);
});

test('a refusal that names no field of several parks nothing yet and leaves the link to be looked at again', () => {
  const answer = { outcome: 'rejected', explanation: 'No' } as const;
  const record = look({ crm: { name: 'B', city: 'V' }, answer });
  expect(record.after.fields).toEqual(base);
  expect(record.openFailures).toEqual([]);
  expect(record.again).toBe(true);
});

test('a refusal of one field alone parks that field with the words of the system', () => {
  const record = look({ crm: { name: 'B' }, answer: { outcome: 'rejected', explanation: 'No' } });
  expect(record.after.fields['NAME~name']).toMatchObject({ parked: { side: 'erp', reason: 'refused-by-system' } });
  expect(record.openFailures).toMatchObject([{ id: failureId('l', 'NAME~name'), explanation: 'No' }]);
});

test('a dismissed failure stays off the list until the field is refused anew', () => {
  const refused = look({ crm: { name: 'bad' }, answer: { outcome: 'rejected', field: 'NAME' } });
  expect(refused.openFailures).toHaveLength(1);
  const name = { ...refused.after.fields['NAME~name'], dismissed: true };
  const dismissed = { ...refused.after, fields: { ...refused.after.fields, 'NAME~name': name }, openFailures: [] };
  expect(look({ link: dismissed, crm: { name: 'bad' } }).openFailures).toEqual([]);
  const anew = look({ link: dismissed, crm: { name: 'worse' }, answer: { outcome: 'rejected', field: 'NAME' } });
  expect(anew.openFailures).toHaveLength(1);
  expect(anew.after.fields['NAME~name']?.dismissed).toBeUndefined();
});

test('the failure of a field that is no longer mapped is closed', () => {
  const id = failureId('l', 'FAX~fax');
  expect(look({ link: { openFailures: [id] } }).closeFailures).toEqual([id]);
});
