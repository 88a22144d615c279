/** Tenants whose set-up is told by files. */
import { expect } from 'vitest';
import { ApiWorld, goodPassword } from '../api-world.ts';
import { addConnection, customerMapping, saveMapping, tenantSettings, withCrm } from '../set-up-steps.ts';

// biome-ignore lint/suspicious/noExplicitAny: files are changed by tests in every way
export type File = any;

/** With passwords in the place of their variables, as the command does. */
export function filled(file: File): File {
  return JSON.parse(JSON.stringify(file).replaceAll(/"\$\{env:\w+\}"/g, JSON.stringify(goodPassword)));
}

const mapping = {
  active: true,
  fields: [...customerMapping.fields, { erpField: 'CATEGORY', crmField: 'category', direction: 'both' }],
  filter: [{ field: 'BLOCKED', operator: '=', values: [false] }],
};

/** A connection of which everything is set that can be. */
export async function setUpWhole(world: ApiWorld, name = 'Demo ERP'): Promise<string> {
  const id = await addConnection(world, name);
  const path = `/v1/connections/${id}`;
  const type = `${path}/actor-types/customer`;
  const answers = [
    await world.change('PATCH', path, {
      description: 'In Utrecht',
      intervalMinutes: 7,
      scope: { users: ['5'], groups: ['2', '1'] },
      conflictPolicy: { kind: 'latest-wins', fallback: 'erp' },
      allowances: { breaks: { links: 5, share: 0.01 } },
    }),
    await saveMapping(world, id, mapping),
    await world.change('PUT', `${type}/defaults`, {
      defaults: [
        { erpField: 'PHONE', value: '+31 1' },
        { erpField: 'COUNTRY', value: '2', ask: true },
      ],
    }),
    await world.change('PUT', `${type}/field-order`, {
      erpFields: ['VATNO', 'NAME', 'NUMBER1', 'PHONE', 'COUNTRY', 'CATEGORY', 'BLOCKED'],
    }),
    await world.change('PUT', `${path}/list-mappings`, {
      lists: [
        {
          erpList: 'category',
          crmList: 'category',
          pairs: [
            { erpItem: 'B', crmItem: '8' },
            { erpItem: 'A', crmItem: '7' },
          ],
        },
        { erpList: 'country', crmList: 'country', pairs: [{ erpItem: '1', crmItem: '528' }] },
      ],
    }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  return id;
}

/** As an earlier version stored it, which let several have one name. */
export async function nameUnclaimed(world: ApiWorld, id: string, name: string): Promise<void> {
  const { tenantId } = world;
  const connection = await world.app.connections.get(tenantId, id);
  const connector = connection && (await world.app.connectors.get(tenantId, connection.connectorId));
  if (!connection || !connector) throw new Error('there is one');
  await world.app.connections.replace({ ...connection, name });
  await world.app.connectors.replace({ ...connector, name: 'Tryton' });
}

export async function renameConnector(world: ApiWorld, name: string): Promise<void> {
  const { items } = (await world.send('GET', '/v1/connectors')).json;
  const { id, kind, url } = items.at(-1);
  await world.change('PUT', `/v1/connectors/${id}`, { kind, name, url });
}

export async function wholeWorld(): Promise<ApiWorld> {
  const world = new ApiWorld();
  await withCrm(world);
  await setUpWhole(world);
  return world;
}

/** The other tenant has the same CRM, and nothing else. */
export async function emptyTenant(world: ApiWorld): Promise<{ tenantId: string }> {
  const tenantId = world.otherTenantId;
  const { headers } = await world.send('GET', '/v1/tenant', { tenantId });
  const sent = { tenantId, body: tenantSettings, headers: { 'if-match': String(headers.etag) } };
  expect((await world.send('PUT', '/v1/tenant', sent)).status).toBe(200);
  return { tenantId };
}

export const exported = async (world: ApiWorld, sent = {}): Promise<File> => {
  const { status, json } = await world.send('GET', '/v1/config/export', sent);
  expect([status, json]).toEqual([200, json]);
  return json;
};

export const plan = (world: ApiWorld, file: File, sent = {}) =>
  world.send('POST', '/v1/config/plan', { body: file, ...sent });

export const apply = (world: ApiWorld, file: File, sent = {}) =>
  world.send('POST', '/v1/config/apply', { body: file, ...sent });
