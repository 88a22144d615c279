import { type ApiClient, apiClient } from './api-client.ts';
import { readAccess } from './demo-access.ts';
import { addBranch } from './demo-branch.ts';
import { playDailyUse } from './demo-daily-use.ts';
import { linkPairs } from './demo-links.ts';
import { pairsOf, readRecords } from './demo-records.ts';
import { type Asked, gatherReport, type Report } from './demo-report.ts';
import { startRun, waitForRuns } from './demo-runs.ts';
import { type Connection, findConnection, pollEvery, setUpConnection } from './demo-set-up.ts';
import type { DemoSystem } from './system.ts';
import type { Tell } from './tell.ts';

export interface Demo {
  connectionId: string;
  /** Absent where somebody switched off the connection or the engine: nothing is synchronised then. */
  report?: Report;
}

/** The demo, by HTTP only: set-up, links, a first sync and a second connection on the first start; later one sync. */
export async function runDemo(system: DemoSystem, tell: Tell): Promise<Demo> {
  const { endpoints, found } = system;
  const admin = apiClient({ apiUrl: endpoints.apiUrl, key: endpoints.adminKey });
  const api = apiClient({ apiUrl: endpoints.apiUrl, key: endpoints.serviceKey });
  if (found === 'kept') return continueDemo(system, { admin, api }, tell);
  const { connectionId, connectorId } = await setUpConnection(admin, system, tell.step);
  const first = await firstSync(api, connectionId, system, tell);
  await addBranch({ admin, api }, connectorId, system, tell);
  await playDailyUse({ api, connectionId }, system, tell);
  const report = await syncAndReport({ admin, api }, system, { connectionId, since: '' }, tell);
  await pollEvery(1, admin);
  tell.step('Both connections are polled every minute from here on');
  return { connectionId, report: { first, ...report } };
}

async function continueDemo(
  system: DemoSystem,
  { admin, api }: { admin: ApiClient; api: ApiClient },
  tell: Tell,
): Promise<Demo> {
  const since = new Date().toISOString();
  const connection: Connection | undefined = await findConnection(admin);
  const { running } = await admin.get<{ running: boolean }>('/v1/engine');
  if (connection?.state === 'active' && running)
    return {
      connectionId: connection.id,
      report: await syncAndReport({ admin, api }, system, { connectionId: connection.id, since }, tell),
    };
  tell.step(
    running
      ? `The connection was ${connection?.state ?? 'deleted'} before: nothing is synchronised`
      : 'The engine was stopped before (PUT /v1/engine starts it): nothing is synchronised',
  );
  return { connectionId: connection?.id ?? '' };
}

async function firstSync(api: ApiClient, connectionId: string, { crm }: DemoSystem, tell: Tell) {
  const records = await readRecords(api, connectionId, crm.controlUrl);
  const pairs = pairsOf(records);
  tell.step(
    `${records.erp.length} records in the ERP, ${records.crm.length} in the CRM: ${pairs.length} pairs to link`,
  );
  const startedAtMs = performance.now();
  const linked = await linkPairs(api, connectionId, pairs, tell);
  const decided = `${linked.chosen} decided by choice, ${linked.leftToPolicy} left to the policy`;
  tell.step(
    `${linked.links} pairs are linked; ${linked.differing} fields differ (${decided}, the others blank on one side)`,
  );
  const counters = await waitForRuns(api, linked.runIds, linked.links, tell);
  const seconds = (performance.now() - startedAtMs) / 1000;
  tell.step(
    `First sync is done: ${counters.writtenToCrm} fields written to the CRM, ${counters.writtenToErp} to the ERP`,
  );
  return { linked, counters, seconds };
}

/** One sync, then a comparison of every link: both write only what people changed meanwhile. */
async function syncAndReport(
  { admin, api }: { admin: ApiClient; api: ApiClient },
  system: DemoSystem,
  { connectionId, since }: Pick<Asked, 'connectionId' | 'since'>,
  tell: Tell,
) {
  const links = (await api.all('/v1/links', { connectionId, state: 'active' })).length;
  const run = async (kind: 'sync' | 'compare', what: string) => {
    const { id } = await startRun(api, connectionId, kind);
    const counters = await waitForRuns(api, [id], links, tell);
    const written = counters.writtenToCrm + counters.writtenToErp;
    const withheld = counters.withheld === 0 ? '' : `, ${counters.withheld} links are withheld by a brake`;
    tell.step(`${what}: ${written === 0 ? 'nothing to write' : `${written} fields written`}${withheld}`);
    return counters;
  };
  const sync = await run('sync', 'Sync (what has changed on either side)');
  const compared = await run('compare', `Comparison of all ${links} links`);
  const gathered = await gatherReport(api, { connectionId, crmControlUrl: system.crm.controlUrl, since });
  return { sync, compared, ...gathered, access: await readAccess(admin, system) };
}
