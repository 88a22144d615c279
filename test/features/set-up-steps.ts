import { type ApiWorld, goodPassword, goodToken } from './api-world.ts';

export const crmSettings = {
  kind: 'superoffice',
  address: 'https://online.example.com',
  clientId: 'app-1',
  systemToken: goodToken,
  clientSecret: 'client-secret',
  privateKey: 'private-key',
};

export const tenantSettings = {
  crm: crmSettings,
  defaultConflictPolicy: { kind: 'crm-wins' },
  retentionDays: 90,
};

export const goodConfig = { database: 'demo', user: 'sync', password: goodPassword };

export async function withCrm(world: ApiWorld): Promise<void> {
  await world.tenants();
  const saved = await world.change('PUT', '/v1/tenant', tenantSettings);
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.json));
}

export async function addConnection(world: ApiWorld, name = 'Demo ERP'): Promise<string> {
  const connector = await world.send('POST', '/v1/connectors', {
    body: {
      kind: 'tryton',
      name: name === 'Demo ERP' ? 'Tryton' : `Tryton of ${name}`,
      url: 'https://erp.example.com',
    },
  });
  const connection = await world.send('POST', '/v1/connections', {
    body: { connectorId: connector.json.id, name, config: goodConfig },
  });
  if (connection.status !== 201) throw new Error(JSON.stringify(connection.json));
  return connection.json.id;
}

export const customerMapping = {
  active: true,
  fields: [
    { erpField: 'NAME', crmField: 'name', direction: 'both', showInSearch: true, showInErpTab: true },
    { erpField: 'PHONE', crmField: 'phone', direction: 'both' },
    { erpField: 'COUNTRY', crmField: 'country', direction: 'both' },
    { erpField: 'VATNO', crmField: 'vatNo', direction: 'toErp' },
  ],
};

export async function saveMapping(world: ApiWorld, connectionId: string, mapping: unknown, type = 'customer') {
  return world.change('PUT', `/v1/connections/${connectionId}/actor-types/${type}/mapping`, mapping);
}

/** A tenant with CRM settings and an active connection that maps customers. */
export async function activeConnection(world: ApiWorld): Promise<string> {
  await withCrm(world);
  return addActive(world);
}

/** One more connection that maps customers, active. */
export async function addActive(world: ApiWorld, name?: string): Promise<string> {
  const connectionId = await addConnection(world, name);
  const mapped = await saveMapping(world, connectionId, customerMapping);
  if (mapped.status !== 200) throw new Error(JSON.stringify(mapped.json));
  const activated = await world.send('POST', `/v1/connections/${connectionId}/activate`);
  if (activated.status !== 200) throw new Error(JSON.stringify(activated.json));
  return connectionId;
}

/** Records on both sides: customer `p{n}` and company `c{n}` that differ in their phone. */
export function addRecords(world: ApiWorld, count = 3): void {
  for (let at = 1; at <= count; at += 1) {
    world.erp.edit('party', `p${at}`, { NAME: `Firm ${at}`, PHONE: `+31 20 ${at}`, COUNTRY: '1' });
    world.crm.edit('contact', `c${at}`, {
      name: `Firm ${at}`,
      phone: `+31 30 ${at}`,
      country: '528',
      vatNo: `NL${at}`,
    });
  }
}

export function pair(at: number, crmAt = at) {
  return { actorType: 'customer', erpKey: `p${at}`, crmKey: `c${crmAt}` };
}

export async function connect(world: ApiWorld, connectionId: string, ...pairs: unknown[]) {
  return world.send('POST', '/v1/links', { body: { connectionId, pairs } });
}
