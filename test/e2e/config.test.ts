/** The deployed system's set-up as a file: exported, compared, applied to another tenant with the same ERP. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runConfig } from '../../cli/run-config.ts';
import { apiClient } from '../../local/api-client.ts';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { crmDoor } from './crm-door.ts';
import { newTenant, openWorld, type World } from './world.ts';

let world: World;
const folder = mkdtempSync(path.join(tmpdir(), 'erp-sync-config-'));
const secret = { MAIN_PASSWORD: trytonAccounts.connection.password };

async function command(key: string, ...args: string[]) {
  let out = '';
  let err = '';
  const environment = { ERP_SYNC_URL: world.system.apiUrl, ERP_SYNC_KEY: key, ...secret };
  const code = await runConfig(args, {
    environment,
    folder,
    out(text) {
      out += text;
    },
    err(line) {
      err += `${line}\n`;
    },
  });
  return { code, out, err };
}

beforeAll(async () => {
  world = await openWorld();
});

test('what is exported from one tenant changes nothing there, and makes the same set-up in another', async () => {
  const { adminKey, system } = world;
  const err = 'Written to a.yaml: 1 connector, 1 connection.\n';
  expect(await command(adminKey, 'export', '--file', 'a.yaml')).toEqual({ code: 0, out: '', err });
  expect(await command(adminKey, 'plan', '--file', 'a.yaml')).toEqual({ code: 0, out: 'Nothing differs.\n', err: '' });
  const other = await newTenant(system, undefined);
  const { clientId, clientSecret, systemToken, privateKeyPem } = await crmDoor(other.crm.controlUrl).credentials();
  const api = apiClient({ apiUrl: system.apiUrl, key: other.adminKey });
  await api.replace('/v1/tenant', () => ({
    crm: {
      kind: 'superoffice',
      address: other.crm.url,
      clientId,
      clientSecret,
      systemToken,
      privateKey: privateKeyPem,
    },
    defaultConflictPolicy: { kind: 'crm-wins' },
    retentionDays: 30,
  }));
  const planned = await command(other.adminKey, 'plan', '--file', 'a.yaml');
  expect([planned.code, planned.err]).toEqual([3, '']);
  expect(planned.out).toContain('+ connection "Main" is made');
  const applied = await command(other.adminKey, 'apply', '--file', 'a.yaml');
  expect([applied.code, applied.err]).toEqual([0, '']);
  expect(await command(other.adminKey, 'export', '--file', 'b.yaml')).toMatchObject({ code: 0 });
  const [one, two] = ['a.yaml', 'b.yaml'].map((file) => readFileSync(path.join(folder, file), 'utf8'));
  expect(two).toBe(one);
  expect(one).not.toContain(secret.MAIN_PASSWORD);
  expect((await command(other.adminKey, 'apply', '--file', 'a.yaml')).out).toBe('Nothing differs.\n');
  const [made] = await api.all<{ id: string }>('/v1/connections');
  await api.post(`/v1/connections/${made?.id}/activate`);
  writeFileSync(path.join(folder, 'c.yaml'), (one ?? '').replace('direction: both', 'direction: toCrm'));
  const active = await command(other.adminKey, 'apply', '--file', 'c.yaml');
  expect(active.code).toBe(1);
  expect(active.err).toMatch(/^c\.yaml:\d+:\d+: connections\[0\]\.actorTypes: A mapping can be changed only while/);
});
