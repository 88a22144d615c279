import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import type { ApiKey } from '../../../functions/core/model/api-key.ts';
import { parseApiKey } from '../../../functions/features/api-keys/api-key-text.ts';
import { authenticate } from '../../../functions/features/api-keys/authenticate.ts';
import { newApiKey } from '../../../functions/features/api-keys/new-api-key.ts';

const startMs = Date.parse('2026-11-20T10:00:00.000Z');

/** One stored key, a clock that is set by hand, and the uses that were noted. */
function desk(change: Partial<ApiKey> = {}, touchFails = false) {
  let nowMs = startMs;
  const touched: string[] = [];
  const failures: string[] = [];
  const runtime = {
    nowMs: () => nowMs,
    now: () => new Date(nowMs).toISOString(),
    newId: () => 'KEY1',
    random: () => 0,
    sleep: async () => {},
  };
  const made = newApiKey(runtime, { tenantId: 'TENANT1', name: 'test', role: 'service' });
  let stored: ApiKey = { ...made.key, ...change };
  const deps = {
    apiKeys: {
      create: async () => {},
      get: async (tenantId: string, keyId: string) =>
        tenantId === stored.tenantId && keyId === stored.id ? stored : undefined,
      list: async () => ({ items: [] }),
      remove: async () => true,
      touch: async (_tenantId: string, _keyId: string, at: string) => {
        if (touchFails) throw new SyncError('transient', 'The table is away.');
        touched.push(at);
        stored = { ...stored, lastUsedAt: at };
      },
    },
    runtime,
    telemetry: { info: () => {}, failure: (event: string) => void failures.push(event), count: () => {} },
  };
  return {
    text: made.text,
    touched,
    failures,
    call: (header: string) => authenticate(deps, header),
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('a key tells its tenant, its id and name, and its role', async () => {
  const { call, text } = desk();
  expect(await call(`Bearer ${text}`)).toEqual({
    tenantId: 'TENANT1',
    caller: 'KEY1',
    role: 'service',
    name: 'test',
  });
});

test('a new key has the documented form and its secret is not stored', () => {
  const { text, key } = newApiKey(
    {
      nowMs: () => startMs,
      now: () => new Date(startMs).toISOString(),
      newId: () => 'KEY1',
      random: () => 0,
      sleep: async () => {},
    },
    { tenantId: 'TENANT1', name: 'test', role: 'admin' },
  );
  expect(text).toMatch(/^esk_TENANT1_KEY1_[0-9A-Za-z_-]{43}$/);
  const secret = parseApiKey(text)?.secret ?? 'none';
  expect(JSON.stringify(key)).not.toContain(secret);
  expect(key.secretHash).toMatch(/^[0-9a-f]{64}$/);
});

test('a secret with underscores is read whole', () => {
  const secret = `_${'a'.repeat(41)}_`;
  expect(parseApiKey(`esk_T_K_${secret}`)).toEqual({ tenantId: 'T', keyId: 'K', secret });
});

test('nobody is behind a wrong secret, an unknown key, another tenant or a malformed header', async () => {
  const { call, text } = desk();
  const wrongSecret = text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A');
  for (const header of [
    `Bearer ${wrongSecret}`,
    `Bearer ${text.replace('KEY1', 'KEY2')}`,
    `Bearer ${text.replace('TENANT1', 'TENANT2')}`,
  ]) {
    expect(await call(header)).toEqual({ refusal: 'unknown' });
  }
  for (const header of [`Basic ${text}`, `Bearer ${text} more`, `Bearer ${text}x`, 'Bearer', '']) {
    expect(await call(header)).toEqual({ refusal: 'malformed' });
  }
});

test('a key ends at the instant of its expiry', async () => {
  const { call, text, wait } = desk({ expiresAt: '2026-11-20T10:00:10.000Z' });
  wait(9_999);
  expect(await call(`Bearer ${text}`)).toMatchObject({ caller: 'KEY1' });
  wait(1);
  expect(await call(`Bearer ${text}`)).toEqual({ refusal: 'expired' });
  expect(await call(`Bearer ${text.slice(0, -2)}__`)).toEqual({ refusal: 'unknown' });
});

test('the last use is noted at most once a minute', async () => {
  const { call, text, wait, touched } = desk();
  await call(`Bearer ${text}`);
  wait(59_000);
  await call(`Bearer ${text}`);
  wait(1_000);
  await call(`Bearer ${text}`);
  expect(touched).toEqual(['2026-11-20T10:00:00.000Z', '2026-11-20T10:01:00.000Z']);
});

test('a wrong key leaves no trace of use', async () => {
  const { call, text, touched } = desk();
  await call(`Bearer ${text.slice(0, -2)}__`);
  expect(touched).toEqual([]);
});

test('a use that cannot be noted does not turn the caller away', async () => {
  const { call, text, failures } = desk({}, true);
  expect(await call(`Bearer ${text}`)).toMatchObject({ caller: 'KEY1' });
  expect(failures).toEqual(['api-key-use-not-noted']);
});
