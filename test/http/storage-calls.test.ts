/**
 * What every read costs, as deployed, where what is read by key at one moment is one call: three calls for one thing, two for
 * a page of a list (keys, then items), a query for each partition where a list is spread over several. The authorizer is
 * apart; systems are open, and what the CRM shows to the user was asked within five minutes.
 */
import { expect, test } from 'vitest';
import { linkOfConflict } from '../../functions/features/conflicts/list-conflicts.ts';
import { type Operation, type OperationId, operations } from '../../functions/http/registry.ts';
import { ApiWorld } from '../features/api-world.ts';
import { codeFor, comeBack, newPage, signIn, start } from '../features/sessions/sign-in-steps.ts';
import { addActive, connect, customerMapping, pair } from '../features/set-up-steps.ts';
import { furnishedWorld } from './contract/furnished-world.ts';

type GetId = {
  [Id in OperationId]: (typeof operations)[Id] extends { method: 'GET' } ? Id : never;
}[OperationId];

const thing = 3;
const list = 2;
/** A query for each partition, and the items. */
const spread = (partitions: number) => partitions + 1;
const logPartitions = 9;
const linkPartitions = 4;

interface Asked {
  readonly path: string;
  readonly most: number;
  /** Absent: as others. */
  readonly mostOfUser?: number;
  /** A user asks for this by other words, or not at all. */
  readonly notForUsers?: true;
}

const of = (path: string, most: number, more: Omit<Asked, 'path' | 'most'> = {}): Asked => ({ path, most, ...more });
const notForUsers = true;

async function fullWorld() {
  const { world, things } = await furnishedWorld(new ApiWorld(undefined, true));
  const second = await addActive(world, 'Second');
  await addActive(world, 'Third');
  await connect(world, second, ...[1, 2, 3, 4, 5, 6].map((at) => pair(at)));
  await connect(world, things.connections.active, pair(9));
  await world.work();
  const bearer = await signIn(world, '5');
  const runOf = async (path: string, body: unknown, as: object = {}): Promise<string> =>
    (await world.send('POST', path, { ...as, body })).json.id;
  const scope = { kind: 'crm-record', crmType: 'company', crmKey: 'c1' };
  const ofUser = await runOf('/v1/sync-runs', { kind: 'sync', scope }, { bearer });
  const proposed = await runOf(`/v1/connections/${things.connections.active}/actor-types/customer/mapping/dry-run`, {
    ...customerMapping,
    fields: customerMapping.fields.map((row) => ({ ...row, direction: 'toErp' })),
  });
  await world.work();
  const underWay = await runOf('/v1/sync-runs', { kind: 'compare', scope: { kind: 'all' } });
  const ofUserUnderWay = await runOf('/v1/sync-runs', { kind: 'sync', scope }, { bearer });
  const { items } = (await world.send('GET', `/v1/links?connectionId=${things.connections.active}`)).json;
  const alone = items.find((link: { crmKey: string }) => link.crmKey === 'c9').id;
  return { world, things, bearer, ofUser, ofUserUnderWay, proposed, underWay, alone };
}

const full = await fullWorld();
const { world, things, bearer } = full;
const active = `/v1/connections/${things.connections.active}`;
const connections = (await world.send('GET', '/v1/connections?includeDeleted=true')).json.items.length;

const type = `${active}/actor-types/customer`;
const byConnection = `connectionId=${things.connections.active}`;
const shared = things.links.agreed;

/** Lists by one CRM record or link, which are those of users. */
const record = 'crmType=company&crmKey=';

const asked: Readonly<Record<Exclude<GetId, 'startSignIn' | 'finishSignIn'>, readonly Asked[]>> = {
  checkHealth: [of('/v1/health', 0)],
  readContract: [of('/v1/openapi.json', 0)],
  readCaller: [of('/v1/me', thing)],
  listApiKeys: [of('/v1/api-keys', list)],
  listAudit: [of('/v1/audit', list), of(`/v1/audit?subject=connection&id=${things.connections.active}`, list)],
  readTenant: [of('/v1/tenant', thing)],
  readEngine: [of('/v1/engine', thing)],
  listConnectorTypes: [of('/v1/connector-types', 0)],
  listConnectors: [of('/v1/connectors', list)],
  readConnector: [of(`/v1/connectors/${things.connectors.used}`, thing)],
  listConfigFields: [of(`/v1/connectors/${things.connectors.used}/config-fields`, thing)],
  listConnections: [of('/v1/connections', list, { mostOfUser: list + 1 })],
  readConnection: [of(active, thing)],
  summariseConnection: [
    of(`/v1/connections/${things.connections.inactive}/summary`, thing),
    // Links that a brake shows as examples, by name.
    of(`${active}/summary`, thing + 1),
  ],
  // Parts of one thing, all of which are read.
  listActorTypes: [of(`${active}/actor-types`, thing)],
  readMapping: [of(`${type}/mapping`, thing)],
  readFieldOrder: [of(`${type}/field-order`, thing)],
  readDefaults: [of(`${type}/defaults`, thing)],
  readMappingExample: [
    of(`${type}/mapping/example?erpKey=p1`, thing),
    of(`${type}/mapping/example?crmKey=c1`, thing),
    // Of the links of the type a page in place of one.
    of(`${type}/mapping/example`, thing + linkPartitions - 1),
  ],
  listMappingVersions: [of(`${type}/mapping/versions`, list)],
  readMappingVersion: [of(`${type}/mapping/versions/1`, thing)],
  readListMappings: [of(`${active}/list-mappings`, thing)],
  listUnmappedItems: [of(`${active}/unmapped-items`, spread(linkPartitions))],
  listErpItems: [of(`${active}/lists/country`, thing)],
  listCrmItems: [of('/v1/crm/lists/country', thing)],
  listCrmUsers: [of('/v1/crm/users', thing)],
  listCrmGroups: [of('/v1/crm/groups', thing)],
  listCrmFields: [of('/v1/crm/company/fields', thing)],
  // Which there are, and one query a connection; connectors; fields of all.
  exportConfig: [of('/v1/config/export', thing + connections)],
  // Found by the ERP.
  searchActors: [of(`${active}/actors/customer?q=Firm&limit=2`, thing)],
  readActor: [of(`${active}/actors/customer/p1`, thing)],
  listLinks: [
    of(`/v1/links?${byConnection}`, spread(linkPartitions), { notForUsers }),
    of(`/v1/links?${byConnection}&state=active`, spread(linkPartitions), { notForUsers }),
    of(`/v1/links?${byConnection}&limit=1`, list, { notForUsers }),
    of(`/v1/links?${record}c1`, list),
    // At most one.
    of(`/v1/links?${byConnection}&actorType=customer&erpKey=p1`, thing, { notForUsers }),
    // Of several lists: which there are.
    of('/v1/links', 2 + spread(linkPartitions), { notForUsers }),
  ],
  readLink: [of(`/v1/links/${shared}`, thing)],
  explainLink: [
    of(`/v1/links/${full.alone}/fields`, thing),
    // Others may have written the CRM record.
    of(`/v1/links/${shared}/fields`, thing + 1),
    of(`/v1/links/${things.failures.parked}/fields`, thing + 1),
  ],
  listRuns: [
    // How those stand that are under way.
    of('/v1/sync-runs', list + 1),
    of(`/v1/sync-runs?${byConnection}`, list + 1),
  ],
  readRun: [
    of(`/v1/sync-runs/${things.runs.ended}`, thing, { notForUsers }),
    of(`/v1/sync-runs/${things.runs.braked}`, thing, { notForUsers }),
    of(`/v1/sync-runs/${full.underWay}`, thing, { notForUsers }),
    of(`/v1/sync-runs/${full.proposed}`, thing, { notForUsers }),
    of(`/v1/sync-runs/${full.ofUser}`, thing),
    of(`/v1/sync-runs/${full.ofUserUnderWay}`, thing),
  ],
  // The run tells which lists they are.
  listRunChanges: [of(`/v1/sync-runs/${things.runs.ended}/changes`, 1 + spread(logPartitions))],
  listChanges: [
    of(`/v1/changes?${byConnection}`, spread(logPartitions), { notForUsers }),
    of(`/v1/changes?runId=${things.runs.ended}`, spread(logPartitions), { notForUsers }),
    // Of several lists: which there are, and for a user whether they reach them.
    of('/v1/changes', 2 + spread(logPartitions), { notForUsers }),
    of(`/v1/changes?linkId=${shared}`, list, { mostOfUser: list + 1 }),
    of(`/v1/changes?${record}c9`, list, { mostOfUser: list + 1 }),
    of(`/v1/changes?${record}c1`, spread(2), { mostOfUser: spread(2) + 1 }),
  ],
  listConflicts: [
    of('/v1/conflicts', list, { notForUsers }),
    of(`/v1/conflicts?${byConnection}`, list, { notForUsers }),
    of(`/v1/conflicts?${record}c4`, list),
    of(`/v1/conflicts?linkId=${linkOfConflict(things.conflict)}`, list),
  ],
  getFailure: [of(`/v1/failures/${things.failures.parked}`, thing)],
  listFailures: [
    of('/v1/failures', list, { notForUsers }),
    of(`/v1/failures?${byConnection}`, list, { notForUsers }),
    of(`/v1/failures?runId=${things.runs.ended}`, list, { notForUsers }),
    of(`/v1/failures?${record}c5`, list),
    of(`/v1/failures?linkId=${things.failures.parked}`, list),
  ],
};

const callers: Readonly<Record<'admin' | 'service' | 'user' | 'none', object>> = {
  admin: { role: 'admin' },
  service: { role: 'service' },
  user: { bearer },
  none: { role: 'none' },
};

/** The CRM's back end, who sets up, and users, each where they may ask; one of the first two where both may. */
function callersOf({ roles }: Operation, { notForUsers: isOthers }: Asked): (keyof typeof callers)[] {
  if (roles === 'public') return ['none'];
  const other = roles.includes('service') ? 'service' : 'admin';
  return roles.includes('user') && !isOthers ? [other, 'user'] : [other];
}

test.each(
  Object.entries(asked).flatMap(([id, rows]) =>
    rows.flatMap((row) =>
      callersOf(operations[id as GetId], row).map((caller) => {
        const most = caller === 'user' ? (row.mostOfUser ?? row.most) : row.most;
        return [id as GetId, row.path, caller, most] as const;
      }),
    ),
  ),
)('%s %s as %s takes at most %i calls to storage', async (id, path, caller, most) => {
  // What is kept in memory is asked for before.
  await world.send('GET', path, callers[caller]);
  const { status, json } = await world.send('GET', path, callers[caller]);
  expect({ status, detail: json?.detail }).toEqual({ status: 200, detail: undefined });
  if ('list' in operations[id] && id !== 'listUnmappedItems') expect(json.items.length).toBeGreaterThan(0);
  expect(world.storageCalls).toBeLessThanOrEqual(most);
});

test('both steps of a sign-in take at most three calls to storage', async () => {
  const page = newPage();
  const begun = await start(world, page);
  expect(begun.status).toBe(302);
  expect(world.storageCalls).toBeLessThanOrEqual(thing);
  const back = world.provider.signIn(String(begun.headers.location), '5');
  expect((await comeBack(world, back)).status).toBe(302);
  expect(world.storageCalls).toBeLessThanOrEqual(thing);
  expect(await codeFor(world, page, '5')).not.toBe('none');
});
