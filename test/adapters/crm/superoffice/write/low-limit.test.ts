/** A CRM that takes a few calls a second: a write is a read and a write, and a list of changes several reads. */
import { afterEach, expect, test } from 'vitest';
import { superOffice } from '../../../../../functions/adapters/crm/superoffice/superoffice.ts';
import { httpClient } from '../../../../../functions/adapters/http/http-client.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture | undefined;
afterEach(() => crm?.stop());

const keys = ['1', '2', '3', '4', '5', '6'];

/** Six companies, and a connector whose waits are over at once: the clocks go on by them. */
async function limited() {
  const fixture = await crmFixture();
  crm = fixture;
  const { clientId, contextIdentifier: crmContext, privateKeyPem: privateKey, ...secrets } = fixture.credentials;
  const waits: number[] = [];
  const system = superOffice({
    http: httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } }),
    runtime: {
      ...fixture.runtime,
      sleep: async (ms) => {
        waits.push(ms);
        fixture.letTimePass(ms);
      },
    },
    settings: { address: fixture.url, clientId, crmContext },
    secrets: { ...secrets, privateKey },
  });
  for (const _ of keys) await fixture.control('POST', '/records/company', { name: 'Acme' });
  return { fixture, system, waits };
}

const limits: [string, object][] = [
  ['2 calls a second', { callsPerSecond: 2 }],
  ['2 calls a second, without a time', { callsPerSecond: 2, limitTellsWait: false }],
  ['4 calls a second', { callsPerSecond: 4 }],
  ['4 calls a second, without a time', { callsPerSecond: 4, limitTellsWait: false }],
];

test.each(limits)('at %s each try of many writes gets some of them through', async (_limit, conditions) => {
  const { fixture, system, waits } = await limited();
  const { records } = await system.get('company', keys, ['name']);
  let left = records.map(({ key, version }) => ({ key, version, values: { name: 'New' }, replaces: { name: 'Acme' } }));
  await fixture.faults(conditions);
  for (let round = 0; left.length > 0 && round < 6; round += 1) {
    fixture.letTimePass(1_000);
    const before = left.length;
    waits.length = 0;
    const answers = await system.update('company', left, ['name']);
    left = left.filter((_, at) => answers[at]?.outcome !== 'ok');
    expect(left.length).toBeLessThan(before);
    // A worker's time is short: no further record is begun once a write has waited.
    expect(waits.length).toBeLessThanOrEqual(8);
  }
  expect(left).toEqual([]);
});

test.each(limits)('at %s a list of changes comes to its end', async (_limit, conditions) => {
  const { fixture, system } = await limited();
  const request = { table: 'contact', fieldsByType: { company: ['name'] }, cursor: await system.start('contact') };
  await system.get('company', ['1'], ['name']);
  await fixture.faults(conditions);
  fixture.letTimePass(1_000);
  const page = await system.listChanges(request);
  expect(page.complete).toBe(true);
  expect(page.records.map(({ key }) => key)).toEqual(keys);
});

test('a wait that is too long for what is in hand is left to the engine', async () => {
  const { fixture, system, waits } = await limited();
  const { records } = await system.get('company', keys, ['name']);
  const writes = records.map(({ key, version }) => ({
    key,
    version,
    values: { name: 'New' },
    replaces: { name: 'Acme' },
  }));
  await fixture.faults({ rules: [{ kind: 'patch', action: '429', retryAfterSeconds: 60, times: 9 }] });
  const [first] = await system.update('company', writes, ['name']);
  expect(first).toMatchObject({ outcome: 'failed', error: { kind: 'throttled', retryAfterMs: 60_000 } });
  expect(waits).toEqual([]);
});
