import type { ApiClient } from './api-client.ts';
import { scopeOfBranch } from './demo-access.ts';
import { linkPairs } from './demo-links.ts';
import { type Mapping, mappingPath, optionOf } from './demo-mapping.ts';
import { type Pair, pairsOf, readRecords } from './demo-records.ts';
import { waitForRuns } from './demo-runs.ts';
import { seldom } from './demo-set-up.ts';
import { editInCrm } from './edit-in-crm.ts';
import type { DemoSystem } from './system.ts';
import type { Tell } from './tell.ts';
import { BRANCH_DATABASE, trytonAccounts } from './tryton-accounts.ts';
import { connectTryton } from './tryton-rpc.ts';

const BRANCH_NAME = 'Tryton of the branch in Antwerp';
/** So many companies are customers of both. */
const SHARED = 5;
/** What the two sides call the company that the conflict is about, after its name. */
const renamed = { crm: ' Holding', erp: ' International' } as const;

interface Branch {
  connectionId: string;
  /** Companies that both connections link. */
  links: number;
}

/**
 * The second connection: another company's books, a database of its own, with some customers that the first has too. One
 * of them is renamed on both sides at once, and nobody has decided yet which name is right.
 */
export async function addBranch(
  { admin, api }: { admin: ApiClient; api: ApiClient },
  connectorId: string,
  system: DemoSystem,
  tell: Tell,
): Promise<Branch> {
  const connection = await admin.post<{ id: string }>('/v1/connections', {
    connectorId,
    name: BRANCH_NAME,
    scope: await scopeOfBranch(admin),
    config: { database: BRANCH_DATABASE, ...trytonAccounts.connection, dedicatedUser: true },
    intervalMinutes: seldom,
    conflictPolicy: { kind: 'crm-wins' },
  });
  await admin.replace<Mapping>(mappingPath(connection.id, 'customer'), (mapping) => ({
    active: true,
    fields: mapping.fields.map((row) => {
      const possible = optionOf(mapping, row)?.possible ?? [];
      const asks = row.erpField === 'NAME' && { conflictPolicy: { kind: 'ask' } };
      return { ...row, ...asks, direction: possible.includes('both') ? 'both' : (possible[0] ?? 'none') };
    }),
  }));
  await admin.post(`/v1/connections/${connection.id}/activate`);
  const { controlUrl } = system.crm;
  const records = await readRecords(api, connection.id, controlUrl, ['customer']);
  const pairs = pairsOf(records).slice(0, SHARED);
  const linked = await linkPairs(api, connection.id, pairs, tell, 'crm');
  await waitForRuns(api, linked.runIds, linked.links, tell);
  tell.step(`A second connection is active: ${linked.links} companies are customers of the branch, too`);
  const [contested] = pairs;
  if (contested) await renameOnBothSides({ api, connectionId: connection.id }, contested, system, tell);
  return { connectionId: connection.id, links: linked.links };
}

/** Two people rename the same company, each in their own system, and the next sync meets both. */
async function renameOnBothSides(
  { api, connectionId }: { api: ApiClient; connectionId: string },
  { erpKey, crmKey }: Pair,
  { endpoints, crm }: DemoSystem,
  tell: Tell,
): Promise<void> {
  const rpc = await connectTryton({ url: endpoints.erp.url, database: BRANCH_DATABASE, ...trytonAccounts.person });
  const [party] = await rpc.call<{ name: string }[]>('party.party', 'read', [[Number(erpKey)], ['name']]);
  const name = party?.name ?? '';
  await rpc.call('party.party', 'write', [[Number(erpKey)], { name: name + renamed.erp }]);
  await rpc.logout();
  await editInCrm(crm.controlUrl, { crmType: 'company', crmKey }, { name: name + renamed.crm });
  const scope = { kind: 'crm-record', crmType: 'company', crmKey };
  const { id } = await api.post<{ id: string }>('/v1/sync-runs', { kind: 'sync', scope });
  await waitForRuns(api, [id], 2, tell);
  const conflicts = await api.all('/v1/conflicts', { connectionId });
  tell.step(`${name} was renamed in the CRM and in the branch's ERP: ${conflicts.length} conflict waits for a person`);
}
