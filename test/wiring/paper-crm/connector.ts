import { MemoryRecordSystem } from '../../../functions/adapters/memory/memory-record-system.ts';
import { SyncError } from '../../../functions/core/errors.ts';
import type { CrmConnector } from '../../../functions/ports/record-systems.ts';

const text = { type: 'text', maxLength: 0, access: 'normal', searchable: false } as const;

const paperCrm = new MemoryRecordSystem({
  nowMs: () => Date.UTC(2026, 10, 23, 8),
  version: 'exact',
  types: [{ type: 'company', table: 'visiting-card', fields: [{ ...text, key: 'name', label: 'Name' }] }],
  lists: { country: [] },
});

export const connector: CrmConnector = {
  kind: 'paper-crm',
  label: 'A box of visiting cards',
  settings: [{ ...text, key: 'lid', label: 'Word that opens the lid', type: 'password', access: 'mandatory' }],
  async open(_outside, { crmContext }, { lid }) {
    if (crmContext !== 'Cust11111' || lid !== 'sesame') throw new SyncError('unauthorised', 'The lid stays shut.');
    return paperCrm;
  },
};
