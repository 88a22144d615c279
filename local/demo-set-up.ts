import type { ApiClient } from './api-client.ts';
import { limitErpTab } from './demo-access.ts';
import { setUpNewCustomers, shownInErpTab, shownInSearch } from './demo-actor-set-up.ts';
import { type Direction, demoTypes, type Mapping, mappingPath, optionOf, type Row } from './demo-mapping.ts';
import type { DemoSystem } from './system.ts';
import { TRYTON_DATABASE, trytonAccounts } from './tryton-accounts.ts';

const CONNECTION_NAME = 'Tryton of Noorderlicht Handel';

/** Minutes between polls while the demo is made: none is to come between edits that belong together. */
export const seldom = 1_440;

/** Fields that go one way although both would be possible: the books decide about them. */
const fromErpOnly: readonly string[] = ['COUNTRY', 'TEXT', 'CATEGORY'];

/** What a customer does: a category in Tryton, a business in the CRM. */
const branchRow: Row = {
  ...{ erpField: 'CATEGORY', crmField: 'business', direction: 'none' },
  ...{ showInSearch: false, showInErpTab: true },
};

export interface Connection {
  id: string;
  name: string;
  state: string;
  config: { database?: unknown };
}

/** The connection that an earlier start made, if there is one: by its name, or by its books where it was renamed. */
export async function findConnection(admin: ApiClient): Promise<Connection | undefined> {
  const connections = await admin.all<Connection>('/v1/connections');
  return (
    connections.find(({ name }) => name === CONNECTION_NAME) ??
    connections.find(({ config }) => config.database === TRYTON_DATABASE)
  );
}

/** What an administrator does once: both systems made known, fields mapped, the connection switched on; answers both ids. */
export async function setUpConnection(
  admin: ApiClient,
  { endpoints }: Pick<DemoSystem, 'endpoints'>,
  tell: (line: string) => void,
): Promise<{ connectionId: string; connectorId: string }> {
  await saveCrmSettings(admin, endpoints.crm);
  await limitErpTab(admin);
  tell('The CRM is known: its settings were tested with a sign-in');
  const connector = await admin.post<{ id: string }>('/v1/connectors', {
    ...{ kind: 'tryton', name: 'Tryton', url: endpoints.erp.url },
  });
  const connection = await admin.post<{ id: string }>('/v1/connections', {
    connectorId: connector.id,
    name: CONNECTION_NAME,
    config: { database: endpoints.erp.database, ...trytonAccounts.connection, dedicatedUser: true },
    intervalMinutes: seldom,
    conflictPolicy: { kind: 'latest-wins', fallback: 'crm' },
  });
  tell('The connection to the ERP works and is saved; its password is in Secrets Manager');
  let fields = 0;
  for (const actorType of demoTypes) fields += await mapFields(admin, connection.id, actorType);
  tell(`${fields} fields of ${demoTypes.length} types of record are mapped`);
  const { pairs, left } = await mapLists(admin, connection.id);
  tell(`${pairs} list items are mapped as proposed; without a counterpart yet: ${left.join(', ') || 'none'}`);
  await setUpNewCustomers(admin, connection.id);
  tell('What new customers get in the ERP is set, and the order of the ERP tab');
  await admin.post(`/v1/connections/${connection.id}/activate`);
  tell('The connection is active');
  return { connectionId: connection.id, connectorId: connector.id };
}

/** Polls all connections so often from now on. */
export async function pollEvery(intervalMinutes: number, admin: ApiClient): Promise<void> {
  for (const { id } of await admin.all<Connection>('/v1/connections')) {
    const path = `/v1/connections/${id}`;
    const { etag } = await admin.request('GET', path);
    await admin.request('PATCH', path, { body: { intervalMinutes }, headers: { 'if-match': etag } });
  }
}

interface CrmCredentials {
  clientId: string;
  clientSecret: string;
  systemToken: string;
  privateKeyPem: string;
}

async function saveCrmSettings(admin: ApiClient, { url, controlUrl }: { url: string; controlUrl: string }) {
  const response = await fetch(`${controlUrl}/credentials`);
  const { clientId, clientSecret, systemToken, privateKeyPem }: CrmCredentials = JSON.parse(await response.text());
  await admin.replace('/v1/tenant', () => ({
    crm: { kind: 'superoffice', address: url, clientId, clientSecret, systemToken, privateKey: privateKeyPem },
    defaultConflictPolicy: { kind: 'crm-wins' },
    retentionDays: 90,
  }));
}

/** Gives the rows that mapped themselves their directions; answers how many are mapped. */
async function mapFields(admin: ApiClient, connectionId: string, actorType: string): Promise<number> {
  const { fields } = await admin.replace<Mapping>(mappingPath(connectionId, actorType), (mapping) => ({
    active: true,
    fields: [...mapping.fields, ...(actorType === 'customer' ? [branchRow] : [])].map((row) => {
      const possible = optionOf(mapping, row)?.possible ?? [];
      const wanted: Direction = fromErpOnly.includes(row.erpField) ? 'toCrm' : 'both';
      const direction = possible.includes(wanted) ? wanted : (possible[0] ?? 'none');
      return { ...row, direction, ...(actorType === 'customer' && marksOf(row)) };
    }),
  }));
  return fields.filter(({ direction }) => direction !== 'none').length;
}

function marksOf({ erpField }: Row): Pick<Row, 'showInSearch' | 'showInErpTab'> {
  return { showInSearch: shownInSearch.includes(erpField), showInErpTab: shownInErpTab.includes(erpField) };
}

interface ListMapping {
  erpList: string;
  crmList: string;
  pairs: { erpItem: string; crmItem: string }[];
  unmapped: { erpItem: string; erpText: string; proposal?: { crmItem: string } }[];
}

/** Takes over what is proposed, but for countries: those are paired by their codes. */
async function mapLists(admin: ApiClient, connectionId: string): Promise<{ pairs: number; left: string[] }> {
  let pairs = 0;
  const left: string[] = [];
  await admin.replace<{ lists: ListMapping[] }>(`/v1/connections/${connectionId}/list-mappings`, ({ lists }) => ({
    lists: lists
      .filter(({ erpList }) => erpList !== 'country')
      .map(({ erpList, crmList, unmapped }) => {
        const proposed = unmapped.flatMap(({ erpItem, proposal }) =>
          proposal ? [{ erpItem, crmItem: proposal.crmItem }] : [],
        );
        pairs += proposed.length;
        left.push(...unmapped.flatMap(({ erpText, proposal }) => (proposal ? [] : [erpText])));
        return { erpList, crmList, pairs: proposed };
      }),
  }));
  return { pairs, left };
}
