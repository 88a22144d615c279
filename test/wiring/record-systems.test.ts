import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import type { Connection } from '../../functions/core/model/connection.ts';
import type { Tenant } from '../../functions/core/model/tenant.ts';
import { recordSystems } from '../../functions/wiring/record-systems.ts';

function opened() {
  const reads: string[] = [];
  const systems = recordSystems({
    http: {
      send: async () => {
        throw new SyncError('transient', 'No network here.');
      },
    },
    runtime: { nowMs: () => 0, now: () => '', newId: () => 'ID', random: () => 0, sleep: async () => {} },
    vault: {
      read: async (tenantId, owner, version): Promise<Record<string, string>> => {
        reads.push(`${tenantId}/${owner}@${version}`);
        return owner === 'crm'
          ? { systemToken: 'token', clientSecret: 'secret', privateKey: 'key' }
          : { password: 'password' };
      },
    },
  });
  return { systems, reads };
}

const tenant: Tenant = {
  id: 'T1',
  crmContext: 'Cust12345',
  revision: 1,
  crm: {
    kind: 'superoffice',
    address: 'https://online.superoffice.com',
    config: { clientId: 'app' },
    secretVersion: 'v1',
  },
  defaultConflictPolicy: { kind: 'crm-wins' },
  retentionDays: 90,
  createdAt: '2026-11-20T10:00:00.000Z',
};

const connection: Connection = {
  tenantId: 'T1',
  id: 'C1',
  connectorId: 'K1',
  connectorKind: 'tryton',
  connectorUrl: 'https://erp.example.com',
  name: 'ERP',
  state: 'active',
  config: { database: 'erp', user: 'sync' },
  secretsSet: ['password'],
  secretVersion: 'v1',
  place: 0,
  intervalMinutes: 15,
  activatedBefore: true,
  revision: 1,
  createdAt: '2026-11-20T10:00:00.000Z',
};

test('an opened system is kept while its settings and credentials stay, whatever else changes', async () => {
  const { systems, reads } = opened();
  const first = await systems.erp(connection);
  expect(await systems.erp({ ...connection, name: 'Renamed', revision: 2, state: 'suspended' })).toBe(first);
  expect(await systems.erp({ ...connection, secretVersion: 'v2' })).not.toBe(first);
  expect(reads).toEqual(['T1/C1@v1', 'T1/C1@v2']);
});

test('two connections with the same settings have systems of their own', async () => {
  const { systems } = opened();
  expect(await systems.erp(connection)).not.toBe(await systems.erp({ ...connection, id: 'C2' }));
});

test('the CRM is opened with the credentials it was tested with', async () => {
  const { systems, reads } = opened();
  expect(await systems.crm(tenant)).toBe(await systems.crm({ ...tenant, revision: 5 }));
  expect(reads).toEqual(['T1/crm@v1']);
});

test('a tenant without CRM settings is misconfigured', async () => {
  const { systems } = opened();
  await expect(systems.crm({ ...tenant, crm: undefined })).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('credentials that are not complete are misconfigured and not repeated', async () => {
  const { systems } = opened();
  const site = { address: 'https://online.superoffice.com', crmContext: 'Cust12345' };
  await expect(
    systems.candidateCrm('superoffice', site, { clientId: 'app', systemToken: 'SECRET' }, { tenantId: 'T1' }),
  ).rejects.toThrow(
    expect.objectContaining({ kind: 'misconfigured', message: 'The credentials of the CRM are not complete.' }),
  );
});

test.each(['crm', 'erp'] as const)('every kind of %s says what it needs', (side) => {
  const { systems } = opened();
  for (const { kind, settings } of systems.connectorTypes(side)) {
    expect(kind).toMatch(/^[a-z-]+$/);
    expect(settings).not.toHaveLength(0);
  }
});

test('a tenant does not say which secrets of its CRM are set: each one is mandatory', () => {
  const { systems } = opened();
  const secrets = systems
    .connectorTypes('crm')
    .flatMap(({ settings }) => settings.filter((one) => one.type === 'password'));
  expect(secrets.filter(({ access }) => access !== 'mandatory')).toEqual([]);
});

test('no setting of a CRM is called like what stands beside it', () => {
  const { systems } = opened();
  const keys = systems.connectorTypes('crm').flatMap(({ settings }) => settings.map(({ key }) => key));
  expect(keys.filter((key) => key === 'kind' || key === 'address')).toEqual([]);
});

test('a kind that is not built in is misconfigured', async () => {
  const { systems } = opened();
  const misconfigured = expect.objectContaining({ kind: 'misconfigured' });
  const site = { address: 'https://crm.example.com', crmContext: 'Cust12345' };
  await expect(systems.candidateErp('no-such-erp', 'https://erp.example.com', {}, { tenantId: 'T1' })).rejects.toThrow(
    misconfigured,
  );
  await expect(systems.candidateCrm('no-such-crm', site, {}, { tenantId: 'T1' })).rejects.toThrow(misconfigured);
  await expect(systems.reachErp('no-such-erp', 'https://erp.example.com')).rejects.toThrow(misconfigured);
});
