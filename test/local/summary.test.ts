import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { audience } from '../../local/demo-access.ts';
import type { Report } from '../../local/demo-report.ts';
import { paperOf } from '../../local/paper.ts';
import { summaryOf } from '../../local/summary.ts';

const counters = {
  ...{ lookedAt: 3, writtenToCrm: 0, writtenToErp: 0, conflicts: 0 },
  ...{ rejected: 0, failed: 0, withheld: 0, callsToCrm: 4, callsToErp: 2 },
};

/** No terminal. */
const paper = paperOf({});
const wide = paperOf({ isTTY: true, columns: 200 }, { NO_COLOR: '1' });

const quiet: Report = {
  links: { customer: 1, supplier: 2, person: 0, project: 0 },
  ...{ sync: counters, compared: counters, changes: [] },
  ...{
    onlyInErp: [],
    onlyInCrm: [],
    refused: [],
    broken: [],
    ownValues: [],
    troubles: [],
    oneWay: [],
    unmapped: [],
    shared: 0,
    conflicts: [],
  },
  newCustomers: { fixed: [], asked: [], mandatory: [], erpTab: [] },
  access: { erpTab: 'everyone', connections: [{ name: 'Books', isFor: 'everyone' }], users: [] },
};

const write = { label: 'Phone', record: 'Acme', oldValue: '', newValue: '1' };

test('a later start in which nothing happened is told in few lines', () => {
  expect(summaryOf(quiet, wide).split('\n')).toEqual([
    'Linked              3 records of each side: 1 customer, 2 suppliers, 0 persons, 0 projects',
    'Written to the CRM  nothing since the start',
    'Written to the ERP  nothing since the start',
    'Sync                nothing to write, 4 calls to the CRM and 2 to the ERP',
    'Comparison of all   nothing to write, 4 calls to the CRM and 2 to the ERP',
    'ERP tab             for everyone',
    'Who may use what    Books: everyone',
  ]);
});

test('who may use what, what each user gets and what a new customer needs are told in lines of 80 characters', () => {
  const main = 'Tryton of Noorderlicht Handel';
  const branch = 'Tryton of the branch in Antwerp';
  const tom = { name: 'Tom Berg', groups: ['Sales', 'Finance'], hasErpTab: true, connections: [main, branch] };
  const eva = { name: 'Eva Bos', groups: ['Finance'], hasErpTab: true, connections: [main] };
  const summary = summaryOf(
    {
      ...quiet,
      newCustomers: {
        ...{ fixed: ['Language "Dutch"'], asked: ['Category'], mandatory: ['Email'] },
        erpTab: ['Name', 'Category', 'Phone', 'Email'],
      },
      access: {
        erpTab: 'Sales and Finance',
        connections: [
          { name: main, isFor: 'everyone' },
          { name: branch, isFor: 'Sales' },
        ],
        users: [tom, eva, { name: 'Jo', groups: ['Management'], hasErpTab: false, connections: [] }],
      },
    },
    paper,
  );
  const lines = summary.split('\n');
  expect(lines.slice(6)).toEqual([
    'A new customer      gets Language "Dutch", is asked for Category, needs Email',
    'ERP tab             for Sales and Finance; shows Name, Category, Phone, Email',
    `Who may use what    ${main}: everyone`,
    `                    ${branch}: Sales`,
    '    Tom Berg (Sales, Finance) may use all of them',
    `    Eva Bos (Finance) may use ${main}`,
    '    Jo (Management) has no ERP tab',
  ]);
  for (const line of lines.slice(6)) expect(line.length).toBeLessThanOrEqual(80);
});

test('whom a connection or the ERP tab is for is said by name, and where nobody is named too', () => {
  const nameOf = { users: (id: string) => `user ${id}`, groups: (id: string) => `group ${id}` };
  expect(audience('everyone', nameOf)).toBe('everyone');
  expect(audience({ users: ['1'], groups: ['2', '3'] }, nameOf)).toBe('user 1 and group 2 and group 3');
  expect(audience({ groups: [] }, nameOf)).toBe('administrators alone');
});

test('what was written where is counted by reason', () => {
  const changes: Report['changes'] = [
    { ...write, side: 'crm', rule: 'first-sync-fills-blank' },
    { ...write, side: 'crm', rule: 'first-sync-fills-blank' },
    { ...write, side: 'erp', rule: 'chosen-at-connect' },
    { ...write, side: 'erp', rule: 'changed-in-crm' },
  ];
  const summary = summaryOf({ ...quiet, changes }, paper);
  expect(summary).toContain('Written to the CRM  2 fields: 2 that were blank since the start');
  expect(summary).toContain('Written to the ERP  2 fields: 1 chosen when linking, 1 edited in the CRM');
});

test('where both sides differed it says who won, over what, and why', () => {
  const changes: Report['changes'] = [
    {
      ...write,
      side: 'erp',
      rule: 'changed-on-both',
      oldValue: 'b',
      newValue: 'a',
      before: 'z',
      decidedBy: 'latest-wins',
    },
    { ...write, side: 'crm', rule: 'chosen-at-connect', oldValue: 'd', newValue: 'c' },
  ];
  const summary = summaryOf({ ...quiet, changes }, paper);
  expect(summary).toContain('Both sides differed 2 fields (GET /v1/changes):');
  expect(summary).toContain(
    'Phone of Acme: the later edit wins\n      CRM "a" replaced ERP "b", both had "z" before\n',
  );
  expect(summary).toMatch(/Phone of Acme: chosen when linking\n {6}ERP "c" replaced CRM "d"\n/);
});

test('what is wrong with the connection is told with what to do, and not as a refused record', () => {
  const troubles = [
    { reason: 'braked-blanks', explanation: '39 blanks wait for your answer.', runId: '01R' },
    { reason: 'fields-drifted (customer.erp.PHONE)', explanation: 'Look at the mapping.', runId: '01S' },
  ];
  const lines = summaryOf({ ...quiet, troubles }, wide).split('\n');
  expect(lines.slice(3, 6)).toEqual([
    'Needs attention',
    '    braked-blanks: 39 blanks wait for your answer. (POST …/sync-runs/01R/continue or …/drop)',
    '    fields-drifted (customer.erp.PHONE): Look at the mapping.',
  ]);
});

test('what was left alone is told with the reason, long lists in part', () => {
  const onlyInErp = Array.from({ length: 10 }, (_, at) => ({ key: `${at}`, name: `Company ${at}`, mark: '' }));
  const refused = [{ label: 'VAT', record: 'Acme', reason: 'It is not valid.' }];
  const summary = summaryOf(
    { ...quiet, onlyInErp, refused, oneWay: [{ labels: ['Code'], reason: 'Read-only.' }] },
    paper,
  );
  expect(summary).toContain('10 only in the ERP, linked by nobody: Company 0,');
  expect(summary.replaceAll(/\s+/g, ' ')).toContain('Company 7, and 2 more');
  expect(summary).toContain(
    'Refused             1 field, until a value changes (GET /v1/failures):\n    VAT of Acme: It is not valid.',
  );
  expect(summary).toContain('Code: only to the CRM. Read-only.');
  for (const line of summary.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('records of two connections and fields that wait for a person are told', () => {
  const conflicts = [{ id: 'c', erpField: 'NAME', record: 'Acme', crm: 'Acme Holding', erp: 'Acme Inc.' }];
  const summary = summaryOf({ ...quiet, shared: 5, conflicts }, paper);
  expect(summary).toContain('Linked twice        5 records have a link of the second connection, too');
  expect(summary).toContain('Waits for you       1 field held, changed on both sides (GET /v1/conflicts):');
  expect(summary).toContain('    NAME of Acme: CRM "Acme Holding", ERP "Acme Inc."');
});

test('list items without a counterpart are told with what waits for them', () => {
  const item = { text: 'Wholesale', item: '6', erpList: 'category', crmList: 'business', links: 3 };
  const summary = summaryOf({ ...quiet, unmapped: [item, { ...item, text: undefined, links: 1 }] }, paper).replaceAll(
    /\s+/g,
    ' ',
  );
  expect(summary).toContain('Waits for a list map these items (PUT …/list-mappings)');
  expect(summary).toContain(
    '"Wholesale" of the ERP\'s list category is no item of the CRM\'s list business: 3 records wait',
  );
  expect(summary).toContain('"6" of the ERP\'s list category is no item of the CRM\'s list business: 1 record waits');
});

test('broken links and what is edited where it is only written are told, and where to see them', () => {
  const broken = [{ record: 'Acme', reason: 'erp-actor-gone' }];
  const ownValues = [{ label: 'Comment', record: 'Roof', crm: 'ours', erp: 'theirs' }];
  const summary = summaryOf({ ...quiet, broken, ownValues }, wide);
  expect(summary).toContain(
    'Broken links        1; the other record stays (GET /v1/links?state=broken):\n    Acme: deleted in the ERP\n',
  );
  expect(summary).toContain(
    'Comment of Roof: goes only to the CRM, which was edited (GET /v1/links/{id}/fields)\n      CRM "ours" stays, as does ERP "theirs"\n',
  );
});

test('on a terminal labels stand out, and the words and their places are the same', () => {
  const bold = summaryOf(quiet, paperOf({ isTTY: true, columns: 80 }, {}));
  expect(bold).toContain('\u001b[1mLinked\u001b[22m  ');
  expect(stripVTControlCharacters(bold)).toBe(summaryOf(quiet, paper));
});
