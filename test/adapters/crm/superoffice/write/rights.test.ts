import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordSystem, WriteAnswer } from '../../../../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
let system: RecordSystem;
let keys: string[];
beforeEach(async () => {
  crm = await crmFixture();
  system = crm.connect();
  keys = [];
  for (let at = 0; at < 4; at += 1) {
    const made = await crm.control('POST', '/records/company', { name: `Acme ${at}` });
    keys.push(String((made as { id: number }).id));
  }
});
afterEach(() => crm.stop());

const write = (some: readonly string[]): Promise<WriteAnswer[]> =>
  system.update(
    'company',
    some.map((key) => ({ key, version: '', values: { department: 'Ours' }, replaces: { department: null } })),
    ['department'],
  );
const kinds = (answers: readonly WriteAnswer[]) =>
  answers.map((answer) => (answer.outcome === 'failed' ? answer.error.kind : answer.outcome));

test('a write of one forbidden record fails alone, with the vendor’s words', async () => {
  await crm.faults({ forbidden: [{ type: 'company', id: Number(keys[1]) }] });
  const answers = await write(keys);
  expect(kinds(answers)).toEqual(['ok', 'forbidden', 'ok', 'ok']);
  expect(answers[1]).toMatchObject({ error: { explanation: 'You have no access to this record.' } });
  expect(kinds(await write(keys.slice(1, 2)))).toEqual(['forbidden']);
});

test('a record that may be read and not written fails alone', async () => {
  await crm.faults({ rules: [{ kind: 'patch', action: '403', type: 'company', id: Number(keys[1]), times: 9 }] });
  expect(kinds(await write(keys))).toEqual(['ok', 'forbidden', 'ok', 'ok']);
});

test('a lost right to write a record type is one reason for it, not one for each record', async () => {
  await crm.faults({ readOnlyTypes: ['company'] });
  for (const some of [keys, keys.slice(0, 1)]) {
    for (const answer of await write(some)) {
      expect(answer).toMatchObject({ outcome: 'failed', error: { kind: 'misconfigured', recordType: 'company' } });
    }
  }
  expect(await system.access('company')).toMatchObject({ read: true, write: false });
  await crm.faults({});
  expect(kinds(await write(keys))).toEqual(['ok', 'ok', 'ok', 'ok']);
});

test('several refused writes and none that got through are a lost right, though no entity says so', async () => {
  await crm.faults({ rules: [{ kind: 'patch', action: '403', times: 9 }] });
  const answers = await write(keys);
  expect(answers[0]).toMatchObject({ outcome: 'failed', error: { kind: 'misconfigured', recordType: 'company' } });
});

test('fields that are hidden from us are named, and not written', async () => {
  await crm.edit('company', keys[0] ?? '', { phone: '020 1' });
  await crm.faults({ hiddenFields: { company: ['Phones', 'Address'] } });
  const { unreadable, unwritable } = await system.access('company');
  expect(unreadable).toEqual(expect.arrayContaining(['phone', 'street.city', 'postal.zip']));
  expect(unreadable).not.toContain('fax');
  expect(unwritable).toEqual(unreadable);
  const hidden = { key: keys[0] ?? '', version: '', values: { phone: '1' }, replaces: { phone: null } };
  const [answer] = await system.update('company', [hidden], []);
  expect(answer).toMatchObject({ outcome: 'failed', error: { kind: 'misconfigured', recordType: 'company' } });
  expect(await crm.control('GET', `/records/company/${keys[0]}`)).toMatchObject({ phones: ['020 1'] });
});

test('where nothing is hidden, or there is no record to tell, all is allowed', async () => {
  const all = { read: true, write: true, unreadable: [], unwritable: [] };
  expect(await system.access('company')).toEqual(all);
  expect(await system.access('person')).toEqual(all);
});

test.each([
  [true, 1_000],
  [false, undefined],
])(
  'beyond the rate limit a call is throttled, with the time to wait if it is told: %s',
  async (limitTellsWait, waitMs) => {
    await system.get('company', keys, []);
    await crm.faults({ callsPerSecond: 1, limitTellsWait });
    crm.letTimePass(2_000);
    await system.get('company', keys, []);
    const throttled = await system.get('company', keys, []).catch((error: unknown) => error);
    expect(throttled).toMatchObject({ kind: 'throttled' });
    expect((throttled as { retryAfterMs?: number }).retryAfterMs).toBe(waitMs);
  },
);
