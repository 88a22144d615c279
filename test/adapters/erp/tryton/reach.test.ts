import { expect, test } from 'vitest';
import { connector } from '../../../../functions/adapters/erp/tryton/connector.ts';
import { httpClient } from '../../../../functions/adapters/http/http-client.ts';
import { systemRuntime } from '../../../../functions/adapters/runtime/system-runtime.ts';

test.each([
  ['http://erp.example.com', 'not https'],
  ['https://10.0.0.1', 'not a public address'],
  ['https://[::7f00:1]', 'not a public address'],
  ['https://inside.example.com', 'not a public address'],
])('%s is called what it is, not a place without Tryton', async (url, reason) => {
  const http = httpClient({
    rules: { allowHttp: false, allowLoopback: false, privateRanges: [] },
    resolve: (_host, _options, done) => done(null, [{ address: '192.168.0.1', family: 4 }]),
  });
  await expect(connector.reach({ http, runtime: systemRuntime() }, url)).rejects.toThrow(
    `The address is not allowed: ${reason}.`,
  );
});
