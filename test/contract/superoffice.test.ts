import type { Value, Values } from '../../functions/core/values/value.ts';
import { type CrmFixture, crmFixture } from '../adapters/crm/superoffice/superoffice-fixture.ts';
import { type PersonsHand, type RecordSystemSuite, recordSystemSuite } from './record-system-suite.ts';

const addressLines: Readonly<Record<string, string>> = { address1: 'line1', address2: 'line2', address3: 'line3' };
const flatNames: Readonly<Record<string, string>> = {
  vatNo: 'orgNr',
  directPhone: 'phoneDirect',
  mobilePhone: 'phoneMobile',
  privatePhone: 'phonePrivate',
  otherPhone: 'phoneOther',
};

/** Values by field key as the simulator's control door takes them. */
function flat(type: string, values: Values): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const [part = '', leaf] = key.split('.');
    if (leaf === undefined) {
      record[flatNames[key] ?? key] = value ?? '';
    } else {
      const name = type === 'person' ? 'address' : part;
      const known = typeof record[name] === 'object' ? record[name] : {};
      record[name] = { ...known, [addressLines[leaf] ?? leaf]: value ?? '' };
    }
  }
  return record;
}

const someAddress = (prefix: string): Record<string, Value> => ({
  [`${prefix}.address1`]: 'Damrak 1',
  [`${prefix}.address2`]: 'Cafe\u0301, second floor ',
  [`${prefix}.address3`]: 'Room "3"',
  [`${prefix}.zip`]: '1012 LG',
  [`${prefix}.city`]: 'Amsterdam',
  [`${prefix}.county`]: 'Noord',
  [`${prefix}.state`]: 'NH',
});

const contents: Readonly<Record<string, (mark: string) => Record<string, unknown>>> = {
  company: (mark) => ({
    custom: {
      'SuperOffice:1': ' FOB \u0301',
      'SuperOffice:2': 'First line\r\nsecond line',
      'SuperOffice:3': 42,
      'SuperOffice:4': '2027-02-28',
      'SuperOffice:6': true,
      'SuperOffice:7': 'Public sector',
      'Acme.CreditLimit': 1250.5,
      'Acme.Score': 7,
    },
    ...flat('company', {
      name: mark,
      department: " Sales & 'more' ",

      code: 'ACM',
      number: '1001',
      vatNo: 'NL001234567B01',
      phone: '020 -  123\u00a045 67 ',
      fax: ' +31 (20) 765',
      email: 'Info@Acme.example',
      url: 'https://acme.example/?a=b',
      country: 'NL',
      category: 'Supplier',
      business: 'Retail',
      ...someAddress('postal'),
      ...someAddress('street'),
    }),
  }),
  person: (mark) =>
    flat('person', {
      firstName: 'Ann',
      middleName: 'van',
      lastName: mark,
      title: 'CFO',
      number: 'P1',
      directPhone: '020 1',
      mobilePhone: '06 2',
      privatePhone: '020 3',
      otherPhone: '020 4',
      email: 'ann@acme.example',
      url: 'https://ann.example',
      country: 'BE',
      position: 'Sales',
      ...someAddress('postal'),
    }),
  project: (mark) => ({
    name: mark,
    number: 'PR-1',
    custom: { 'SuperOffice:1': '2026-12-31' },
    description: ' First line\r\nsecond line\rthird\n',
    url: 'https://project.example',
    endDate: '2027-02-28',
    type: 'Delivery',
    status: 'Running',
  }),
};

function handOf(crm: CrmFixture): PersonsHand {
  async function create(type: string, mark: string): Promise<string> {
    const made = (await crm.control('POST', `/records/${type}`, contents[type]?.(mark))) as { id: number };
    return String(made.id);
  }
  const edit = async (type: string, key: string, values: Values) => {
    await crm.control('PATCH', `/records/${type}/${key}`, flat(type, values));
  };
  return {
    create,
    edit,
    async createMany(type, marks) {
      const keys: string[] = [];
      for (const mark of marks) keys.push(await create(type, mark));
      return keys;
    },
    async remove(type, key) {
      await crm.control('DELETE', `/records/${type}/${key}?purge=true`);
    },
    async archive(type, key) {
      if (type === 'person') await crm.edit(type, key, { retired: true });
      else await crm.control('DELETE', `/records/${type}/${key}`);
    },
    async merge(type, key) {
      const into = await create(type, 'The one that stays');
      await crm.control('POST', `/records/${type}/${key}/merge`, { into: Number(into) });
    },
    capAnswers: async (most) => void (await crm.faults(most === undefined ? {} : { pageRows: most, nextLinks: false })),
    async editBeforeNextWrite(type, key, values) {
      await crm.control('POST', '/edit-before-next-write', { type, id: Number(key), changes: flat(type, values) });
    },
    async editLate(type, key, values, lateMs) {
      await crm.faults({ lateCommitSeconds: lateMs / 1000 });
      await edit(type, key, values);
      await crm.faults({});
    },
    async loseNextWriteAnswer() {
      await crm.faults({ rules: [{ kind: 'patch', action: 'reset-after' }] });
    },
    async letTimePass(ms) {
      crm.letTimePass(ms);
    },
  };
}

const suite: Omit<RecordSystemSuite, 'open'> = {
  lateEdits: true,
  movableClock: true,
  testsValues: true,
  manyRecords: 450,
  types: [
    {
      type: 'company',
      table: 'contact',
      text: 'name',
      otherText: 'department',
      blankable: 'phone',
      address: ['street.city', 'street.address1'],
      refused: { field: 'name', value: null },
    },
    { type: 'person', table: 'person', text: 'lastName', otherText: 'title', blankable: 'mobilePhone' },
    {
      type: 'project',
      table: 'project',
      text: 'name',
      otherText: 'description',
      blankable: 'endDate',
      archivable: false,
    },
  ],
};

/** As a tenant is at best, and one that caps pages without saying so, is far west of UTC and shows one text in two forms. */
const unkind = {
  pageRows: 98,
  nextLinks: false,
  baseZone: 'America/Los_Angeles',
  filterTimes: 'naive-is-local',
  archivesTidyTexts: true,
};

for (const conditions of [{}, unkind]) {
  recordSystemSuite({
    ...suite,
    async open() {
      const crm = await crmFixture(conditions);
      return { system: crm.connect(), hand: handOf(crm), close: () => crm.stop() };
    },
  });
}
