import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemUserSignIn } from '../../../../../functions/adapters/crm/superoffice/session/sign-in.ts';
import { systemRuntime } from '../../../../../functions/adapters/runtime/system-runtime.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

function signInAnswered(status: number, text: string) {
  const send = async () => ({ status, text, headers: {} });
  const settings = { address: 'https://crm.example', clientId: 'app', crmContext: 'Cust1' };
  const secrets = { systemToken: 't', clientSecret: 's', privateKey };
  return systemUserSignIn({ http: { send }, runtime: systemRuntime(), settings, secrets }, send)();
}

test('only what the CRM says of a sign-in refuses it: neither a page nor a success without a token does', async () => {
  const refusal = JSON.stringify({ IsSuccessful: false, ErrorMessage: 'Wrong.' });
  const refused = { kind: 'unauthorised', explanation: 'Wrong.' };
  await expect(signInAnswered(200, refusal)).rejects.toMatchObject(refused);
  await expect(signInAnswered(400, refusal)).rejects.toMatchObject(refused);
  for (const [status, text] of [
    [400, '<html>Bad Request</html>'],
    [200, JSON.stringify({ IsSuccessful: true, Token: null })],
  ] as const) {
    await expect(signInAnswered(status, text), text).rejects.toMatchObject({ kind: 'transient' });
  }
});
