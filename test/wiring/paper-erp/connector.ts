import { MemoryRecordSystem } from '../../../functions/adapters/memory/memory-record-system.ts';
import { SyncError } from '../../../functions/core/errors.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import type { ErpConnector } from '../../../functions/ports/record-systems.ts';

const text = { type: 'text', maxLength: 0, access: 'normal', searchable: false } as const;

const settings: readonly FieldMetadata[] = [
  { ...text, key: 'drawer', label: 'Drawer', access: 'mandatory' },
  { ...text, key: 'key', label: 'Key of the drawer', type: 'password', access: 'mandatory' },
];

/** An ERP on paper: all its cards are in one drawer. */
export const paperErp = new MemoryRecordSystem({
  nowMs: () => Date.UTC(2026, 10, 23, 8),
  version: 'exact',
  types: [
    {
      type: 'customer',
      table: 'card',
      fields: [{ ...text, key: 'NAME', label: 'Name', access: 'mandatory', searchable: true }],
    },
  ],
});

export const connector: ErpConnector = {
  kind: 'paper-erp',
  label: 'Paper',
  settings,
  async reach(_outside, url) {
    if (!url.includes('office')) throw new SyncError('misconfigured', 'There is no paper at the address.');
  },
  async open(_outside, _url, { drawer, key }) {
    if (drawer !== 'top' || key !== 'brass') throw new SyncError('unauthorised', 'The drawer stays shut.');
    return paperErp;
  },
};
