/** A customer whose every field can be refused in another way, by metadata, lists and an ERP that tests change at will. */
import { MemoryRecordSystem } from '../../../functions/adapters/memory/memory-record-system.ts';
import type { SyncError } from '../../../functions/core/errors.ts';
import type { FieldMetadata, ListItem } from '../../../functions/core/model/field.ts';
import type { Value } from '../../../functions/core/values/value.ts';
import { dispatchPoll } from '../../../functions/sync/runs/dispatch-poll.ts';
import { crmType, erpType } from '../api-systems.ts';
import { ApiWorld } from '../api-world.ts';
import { addConnection, connect, pair, saveMapping, withCrm } from '../set-up-steps.ts';

function field(key: string, extra: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false, ...extra };
}

const country = { type: 'list', listName: 'country' } as const;

export class ParkedWorld {
  connectionId = '';
  linkId = '';
  /** Of the ERP's customers: changed in place, and read with the next refresh. */
  readonly erpFields: FieldMetadata[] = [
    field('NAME', { access: 'mandatory' }),
    field('VATNO', { maxLength: 5 }),
    field('COUNTRY', country),
    field('CREDIT', { type: 'integer' }),
    field('TERMS'),
    field('NOTE'),
  ];
  readonly crmCountries: ListItem[] = [
    { key: '528', text: 'Nederland', code: 'NL' },
    { key: '99', text: 'Elsewhere' },
  ];
  /** Set to make the ERP refuse a note. */
  refusesNote: ((value: Value) => boolean) | undefined;
  /** Set to make a record of the ERP unreadable. */
  unreadable: SyncError | undefined;
  /** Values of fields that the ERP was asked to store. */
  sent: { field: string; value: Value }[] = [];
  readonly crm = new MemoryRecordSystem({
    nowMs: () => this.api.nowMs,
    version: 'coarse',
    types: [
      {
        type: 'company',
        table: 'contact',
        fields: ['name', 'vatNo', 'credit', 'terms', 'note'].map((key) => field(key)).concat(field('country', country)),
      },
    ],
    lists: { country: this.crmCountries },
  });
  readonly erp = new MemoryRecordSystem({
    nowMs: () => this.api.nowMs,
    version: 'exact',
    listMayMissEdits: true,
    types: [{ type: 'customer', table: 'party', fields: this.erpFields }],
    lists: {
      country: [
        { key: '1', text: 'Netherlands', code: 'NL' },
        { key: '2', text: 'Belgium', code: 'BE' },
      ],
    },
    refuses: (of, value) => (of === 'NOTE' && this.refusesNote?.(value) ? 'Not that note' : undefined),
    unreadable: () => this.unreadable,
  });
  readonly api: ApiWorld = new ApiWorld(() => ({
    crm: async () => this.crm,
    erp: async () => this.erp,
    candidateErp: async () => this.erp,
    candidateCrm: async () => this.crm,
    reachErp: async () => {},
    connectorTypes: (side) => (side === 'crm' ? [crmType] : [erpType]),
  }));

  /** A connected customer in agreement. */
  async setUp(): Promise<void> {
    const { update } = this.erp;
    this.erp.update = async (type, writes, fields) => {
      for (const { values } of writes) {
        for (const [of, value] of Object.entries(values)) this.sent.push({ field: of, value });
      }
      return update.call(this.erp, type, writes, fields);
    };
    await withCrm(this.api);
    this.connectionId = await addConnection(this.api);
    await this.api.change('PATCH', `/v1/connections/${this.connectionId}`, { intervalMinutes: 1 });
    await saveMapping(this.api, this.connectionId, { active: true, fields: this.rows() });
    const activated = await this.api.send('POST', `/v1/connections/${this.connectionId}/activate`);
    if (activated.status !== 200) throw new Error(JSON.stringify(activated.json));
    this.crm.edit('contact', 'c1', { name: 'Firm', vatNo: 'NL1', country: '528', credit: '1', terms: '30', note: 'a' });
    this.erp.edit('party', 'p1', { NAME: 'Firm', VATNO: 'NL1', COUNTRY: '1', CREDIT: 1, TERMS: '30', NOTE: 'a' });
    const { json } = await connect(this.api, this.connectionId, pair(1));
    this.linkId = json.items[0].linkId;
    await this.api.work();
    await this.minutes(2);
  }

  rows(flags: object = {}) {
    return this.erpFields.map(({ key }) => ({
      erpField: key,
      crmField: key === 'VATNO' ? 'vatNo' : key.toLowerCase(),
      direction: 'toErp',
      ...flags,
    }));
  }

  /** Polls once a minute, for so many minutes. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      this.api.nowMs += 60_000;
      await dispatchPoll(this.api.app, { tenantId: this.api.tenantId, connectionId: this.connectionId });
      await this.api.work();
    }
  }

  async run(kind: 'compare' | 'sync' | 'resync-from-crm' | 'resync-from-erp'): Promise<void> {
    const body = { kind, connectionId: this.connectionId };
    const { status, json } = await this.api.send('POST', '/v1/sync-runs', { body });
    if (status !== 202) throw new Error(JSON.stringify(json));
    await this.api.work();
  }

  /** Both systems are asked again what they offer. */
  async refresh(): Promise<void> {
    const { status, json } = await this.api.send('POST', `/v1/connections/${this.connectionId}/refresh-metadata`);
    if (status >= 300) throw new Error(JSON.stringify(json));
    await this.api.work();
  }

  async changeMapping(flags: object): Promise<void> {
    const path = `/v1/connections/${this.connectionId}`;
    await this.api.send('POST', `${path}/deactivate`);
    const saved = await saveMapping(this.api, this.connectionId, { active: true, fields: this.rows(flags) });
    if (saved.status !== 200) throw new Error(JSON.stringify(saved.json));
    const activated = await this.api.send('POST', `${path}/activate`);
    if (activated.status !== 200) throw new Error(JSON.stringify(activated.json));
    await this.api.work();
  }

  /** The link's open failure; nothing if it is well. */
  async failure() {
    return (await this.api.send('GET', `/v1/failures?linkId=${this.linkId}`)).json.items[0];
  }
}
