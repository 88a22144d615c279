import { MemoryRecordSystem } from '../../functions/adapters/memory/memory-record-system.ts';
import type { FieldMetadata } from '../../functions/core/model/field.ts';
import type { ConnectorType } from '../../functions/ports/record-systems.ts';

function field(key: string, extra: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false, ...extra };
}

const country = { type: 'list', listName: 'country' } as const;
const category = { type: 'list', listName: 'category' } as const;

const secret = { type: 'password', access: 'mandatory' } as const;

export const erpType: ConnectorType = {
  kind: 'tryton',
  secretsBoundTo: ['database', 'user'],
  label: 'Tryton',
  settings: [
    field('database', { access: 'mandatory', maxLength: 40 }),
    field('user', { access: 'mandatory' }),
    field('password', secret),
    field('timeout', { type: 'integer', defaultValue: 30 }),
  ],
};

export const crmType: ConnectorType = {
  kind: 'superoffice',
  label: 'SuperOffice',
  settings: [
    field('clientId', { access: 'mandatory' }),
    field('systemToken', secret),
    field('clientSecret', secret),
    field('privateKey', secret),
  ],
};

const companyOfErp = [
  field('NAME', { access: 'mandatory', searchable: true }),
  field('NUMBER1', { access: 'read-only', searchable: true }),
  field('PHONE', { format: 'phone' }),
  field('VATNO', { maxLength: 5 }),
  field('COUNTRY', country),
  field('CATEGORY', category),
  field('BLOCKED', { type: 'checkbox' }),
];

export function erpSystem(nowMs: () => number): MemoryRecordSystem {
  return new MemoryRecordSystem({
    nowMs,
    version: 'exact',
    types: [
      { type: 'customer', table: 'party', fields: [...companyOfErp] },
      { type: 'supplier', table: 'party', fields: [...companyOfErp] },
      { type: 'project', table: 'work', fields: [field('NAME'), field('TEXT')] },
      { type: 'employee', table: 'employee', fields: [field('NAME')] },
    ],
    lists: {
      country: [
        { key: '1', text: 'Netherlands', code: 'NL' },
        { key: '2', text: 'Belgium', code: 'BE' },
        { key: '3', text: 'Nowhere' },
      ],
      category: [
        { key: 'A', text: 'Good' },
        { key: 'B', text: ' prospéct ' },
        { key: 'C', text: 'Never met' },
      ],
    },
    textsIn: { nl: { Good: 'Goed', Netherlands: 'Nederland' } },
  });
}

export function crmSystem(nowMs: () => number): MemoryRecordSystem {
  return new MemoryRecordSystem({
    nowMs,
    version: 'coarse',
    types: [
      {
        type: 'company',
        table: 'contact',
        fields: [
          field('name', { access: 'mandatory', maxLength: 219 }),
          field('code'),
          field('phone', { format: 'phone' }),
          field('vatNo'),
          field('country', country),
          field('category', category),
          field('note'),
        ],
      },
      { type: 'person', table: 'person', fields: [field('firstName'), field('lastName')] },
      { type: 'project', table: 'project', fields: [field('name'), field('description')] },
    ],
    lists: {
      country: [
        { key: '528', text: 'Nederland', code: 'NL' },
        { key: '56', text: 'België', code: 'BE' },
      ],
      category: [
        { key: '7', text: 'Good' },
        { key: '8', text: 'Prospect' },
        { key: '9', text: 'Supplier' },
      ],
    },
  });
}
