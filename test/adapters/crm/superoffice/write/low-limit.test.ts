/** Writes at a CRM that takes a few calls a second: each is a read and a write. */
import { afterEach, expect, test } from 'vitest';
import { superOffice } from '../../../../../functions/adapters/crm/superoffice/superoffice.ts';
import { httpClient } from '../../../../../functions/adapters/http/http-client.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture | undefined;
afterEach(() => crm?.stop());

/** Names that arrive when what was not sent is sent again, so many times. */
async function rounds(conditions: object, waitMs: number): Promise<number[]> {
  const fixture = await crmFixture();
  crm = fixture;
  const { clientId, contextIdentifier: crmContext, privateKeyPem: privateKey, ...secrets } = fixture.credentials;
  const system = superOffice({
    http: httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } }),
    // A wait is over at once: the clocks go on by it.
    runtime: { ...fixture.runtime, sleep: async (ms) => fixture.letTimePass(ms) },
    settings: { address: fixture.url, clientId, crmContext },
    secrets: { ...secrets, privateKey },
  });
  for (let at = 0; at < 6; at += 1) await fixture.control('POST', '/records/company', { name: 'Acme' });
  const keys = ['1', '2', '3', '4', '5', '6'];
  const { records } = await system.get('company', keys, ['name']);
  let left = records.map(({ key, version }) => ({ key, version, values: { name: 'New' }, replaces: { name: 'Acme' } }));
  await fixture.faults(conditions);
  const arrived: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    fixture.letTimePass(waitMs);
    const answers = await system.update('company', left, ['name']);
    left = left.filter((_, at) => answers[at]?.outcome !== 'ok');
    arrived.push(6 - left.length);
  }
  return arrived;
}

test.each([
  ['2 calls a second', { callsPerSecond: 2 }],
  ['2 calls a second, without a time', { callsPerSecond: 2, limitTellsWait: false }],
  ['4 calls a second', { callsPerSecond: 4 }],
  ['4 calls a second, without a time', { callsPerSecond: 4, limitTellsWait: false }],
])('at %s each try of many writes gets some of them through', async (_limit, conditions) => {
  const arrived = await rounds(conditions, 1_000);
  expect(arrived.at(-1)).toBe(6);
  expect(arrived[0]).toBeGreaterThan(0);
});

test('a wait that is too long for a write in hand is left to the caller', async () => {
  const rules = [{ kind: 'patch', action: '429', retryAfterSeconds: 60, times: 4 }];
  const [first, second] = await rounds({ rules }, 0);
  expect(first).toBe(0);
  expect(second).toBe(6);
});
