import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory } from '../../../../../functions/adapters/crm/superoffice/people/directory.ts';
import { httpClient } from '../../../../../functions/adapters/http/http-client.ts';
import type { HttpClient } from '../../../../../functions/ports/http.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
beforeAll(async () => {
  crm = await crmFixture();
});
afterAll(() => crm.stop());

/** The people of a CRM that answers so in place of its list of them. */
function peopleOf(list: string) {
  const { credentials, url: address, runtime } = crm;
  const real = httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } });
  const http: HttpClient = {
    async send(request) {
      const answer = await real.send(request);
      return request.url.includes('/MDOList/') ? { ...answer, text: list } : answer;
    },
  };
  const { clientId, contextIdentifier: crmContext, systemToken, clientSecret, privateKeyPem: privateKey } = credentials;
  const secrets = { systemToken, clientSecret, privateKey };
  return directory({ http, runtime, settings: { address, clientId, crmContext }, secrets });
}

test('people below headings are read, headings and who is deleted are not', async () => {
  const list = [
    { Id: 0, Name: 'All', ChildItems: [{ Id: 7, Name: 'Anna', ChildItems: [{ Id: 8, Name: 'Tom' }] }] },
    { Id: 9, Name: 'Gone', Deleted: true },
  ];
  expect(await peopleOf(JSON.stringify(list)).users()).toEqual([
    { id: '7', name: 'Anna' },
    { id: '8', name: 'Tom' },
  ]);
});

test.each([
  ['that is nested without end', `${'[{"Id":1,"ChildItems":'.repeat(100_000)}[]${'}]'.repeat(100_000)}`],
  ['of another form', '{"people":[]}'],
])('a list %s cannot be read, which is told as an outage', async (_what, list) => {
  await expect(peopleOf(list).users()).rejects.toMatchObject({ kind: 'transient' });
});
