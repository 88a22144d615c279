import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { errorKinds } from '../../../functions/core/errors.ts';
import { remedyOf, remedyOfField } from '../../../functions/core/explain/remedy.ts';
import { operations } from '../../../functions/http/registry.ts';

test('a reason of its own tells what mends it, else the kind does', () => {
  const kind = 'missing';
  expect(remedyOf({ kind, reason: 'erp-actor-merged' })).toMatch(/^Move the link to the actor of the ERP/);
  expect(remedyOf({ kind, reason: kind })).toMatch(/^A record is gone/);
  expect(remedyOfField({ kind: 'rejected', reason: 'too-long' })).toMatch(/^Shorten the value/);
});

test('what stands still because of a trouble is mended as the kind says, and then tested', () => {
  const [password, setting] = (['unauthorised', 'misconfigured'] as const).map((kind) =>
    remedyOf({ kind, reason: 'connection-suspended' }),
  );
  expect(password).toMatch(/credentials.*Then test the connection/);
  expect(setting).toMatch(/set up.*Then test the connection/);
  expect(remedyOf({ kind: 'forbidden', reason: 'actor-type-suspended' })).toMatch(/right.*Then test the connection/);
});

test('a reason that another version stored is mended as its kind says', () => {
  for (const kind of errorKinds) {
    for (const reason of ['no-longer-known', 'toString', kind]) {
      expect(remedyOf({ kind, reason })).toMatch(/^[A-Z].*\.$/);
      expect(remedyOfField({ kind, reason })).toBe(remedyOf({ kind, reason: kind }));
    }
  }
});

test('every path that a remedy names is one of the API', async () => {
  const text = await readFile(new URL('../../../functions/core/explain/remedy.ts', import.meta.url), 'utf8');
  const named = [...text.matchAll(/\/v1\/[\w/{}-]*\w\}?/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((path) => !Object.values(operations).some((one) => one.path === path))).toEqual([]);
});
