/** For every operation a request that the furnished world answers with what was asked for. */
import type { OperationId } from '../../../functions/http/registry.ts';
import { customerMapping, goodConfig, pair, tenantSettings } from '../../features/set-up-steps.ts';
import type { Things } from './furnished-world.ts';

export interface GoodRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** The thing is read for its ETag first. */
  readonly ifMatch?: true;
}

const get = (path: string): GoodRequest => ({ method: 'GET', path });
const post = (path: string, body?: unknown): GoodRequest => ({ method: 'POST', path, body });
const remove = (path: string): GoodRequest => ({ method: 'DELETE', path });
const change = (method: string, path: string, body?: unknown): GoodRequest => ({ method, path, body, ifMatch: true });

const erpFields = ['VATNO', 'NAME', 'NUMBER1', 'PHONE', 'COUNTRY', 'CATEGORY', 'BLOCKED'];

const connector = { kind: 'tryton', name: 'Tryton', url: 'https://erp.example.com' };

const configFile = {
  version: 1,
  connectors: [{ ...connector, name: 'From a file' }],
  connections: [
    { name: 'From a file', connector: 'From a file', config: goodConfig, actorTypes: { customer: customerMapping } },
  ],
};

export function goodRequests({
  connectors,
  connections,
  apiKey,
  links,
  runs,
  conflict,
  failures,
}: Things): Readonly<Record<OperationId, GoodRequest>> {
  const active = `/v1/connections/${connections.active}`;
  const inactive = `/v1/connections/${connections.inactive}`;
  return {
    checkHealth: get('/v1/health'),
    readContract: get('/v1/openapi.json'),
    readCaller: get('/v1/me'),
    listApiKeys: get('/v1/api-keys?limit=1'),
    issueApiKey: post('/v1/api-keys', { name: 'New', role: 'service', expiresAt: '2027-01-01T00:00:00+01:00' }),
    revokeApiKey: remove(`/v1/api-keys/${apiKey}`),
    listAudit: get(`/v1/audit?subject=connection&id=${connections.active}`),
    readTenant: get('/v1/tenant'),
    saveTenant: change('PUT', '/v1/tenant', tenantSettings),
    testTenant: post('/v1/tenant/test', {}),
    readEngine: get('/v1/engine'),
    saveEngine: change('PUT', '/v1/engine', { running: true, defaultIntervalMinutes: 10 }),
    listConnectorTypes: get('/v1/connector-types'),
    listConnectors: get('/v1/connectors'),
    addConnector: post('/v1/connectors', { ...connector, name: 'New' }),
    readConnector: get(`/v1/connectors/${connectors.used}`),
    changeConnector: change('PUT', `/v1/connectors/${connectors.used}`, { ...connector, name: 'Renamed' }),
    removeConnector: change('DELETE', `/v1/connectors/${connectors.free}`),
    testConnector: post(`/v1/connectors/${connectors.used}/test`),
    listConfigFields: get(`/v1/connectors/${connectors.used}/config-fields`),
    listConnections: get('/v1/connections?includeDeleted=true'),
    createConnection: post('/v1/connections', {
      connectorId: connectors.used,
      name: 'New',
      config: goodConfig,
      conflictPolicy: { kind: 'latest-wins', fallback: 'erp' },
    }),
    copyConnection: post(`${active}/copy`, { name: 'Copied', config: { timeout: 40 } }),
    testConfiguration: post('/v1/connections/test', { connectorId: connectors.used, config: goodConfig }),
    orderConnections: {
      method: 'PUT',
      path: '/v1/connections/order',
      body: { connectionIds: [connections.inactive, connections.active] },
    },
    readConnection: get(active),
    changeConnection: change('PATCH', active, { description: 'In Utrecht', allowances: { breaks: null } }),
    deleteConnection: change('DELETE', inactive),
    testConnection: post(`${active}/test`),
    activateConnection: post(`${active}/activate`),
    deactivateConnection: post(`${active}/deactivate`),
    restoreConnection: post(`/v1/connections/${connections.deleted}/restore`),
    summariseConnection: get(`${active}/summary`),
    listActorTypes: get(`${active}/actor-types`),
    refreshMetadata: post(`${active}/refresh-metadata`),
    readMapping: get(`${active}/actor-types/customer/mapping`),
    saveMapping: change('PUT', `${inactive}/actor-types/customer/mapping`, customerMapping),
    readFieldOrder: get(`${inactive}/actor-types/customer/field-order`),
    saveFieldOrder: change('PUT', `${inactive}/actor-types/customer/field-order`, { erpFields }),
    readDefaults: get(`${inactive}/actor-types/customer/defaults`),
    saveDefaults: change('PUT', `${inactive}/actor-types/customer/defaults`, {
      defaults: [{ erpField: 'COUNTRY', value: '1', ask: true }],
    }),
    dryRunMapping: post(`${inactive}/actor-types/customer/mapping/dry-run`, customerMapping),
    readMappingExample: get(`${active}/actor-types/customer/mapping/example?erpKey=p1`),
    listMappingVersions: get(`${active}/actor-types/customer/mapping/versions`),
    readMappingVersion: get(`${active}/actor-types/customer/mapping/versions/1`),
    restoreMappingVersion: post(`${inactive}/actor-types/customer/mapping/versions/1/restore`),
    readListMappings: get(`${inactive}/list-mappings`),
    saveListMappings: change('PUT', `${inactive}/list-mappings`, {
      lists: [{ erpList: 'country', crmList: 'country', pairs: [{ erpItem: '1', crmItem: '528' }] }],
    }),
    listUnmappedItems: get(`${active}/unmapped-items`),
    listErpItems: get(`${active}/lists/country`),
    listCrmItems: get('/v1/crm/lists/country'),
    listCrmUsers: get('/v1/crm/users'),
    listCrmGroups: get('/v1/crm/groups'),
    listCrmFields: get('/v1/crm/company/fields'),
    exportConfig: get('/v1/config/export'),
    planConfig: post('/v1/config/plan', configFile),
    applyConfig: post('/v1/config/apply', configFile),
    searchActors: get(`${active}/actors/customer?q=Firm&limit=2`),
    readActor: get(`${active}/actors/customer/p1`),
    eraseRecord: post('/v1/crm/company/c1/erase'),
    previewLinks: post('/v1/links/preview', { connectionId: connections.active, pairs: [pair(10)] }),
    connectLinks: post('/v1/links', { connectionId: connections.active, pairs: [pair(10), pair(1)] }),
    listLinks: get(`/v1/links?connectionId=${connections.active}&limit=3`),
    readLink: get(`/v1/links/${links.agreed}`),
    explainLink: get(`/v1/links/${links.agreed}/fields`),
    disconnectLink: remove(`/v1/links/${links.agreed}`),
    restoreLink: post(`/v1/links/${links.disconnected}/restore`),
    moveLink: post(`/v1/links/${links.merged}/move`, { choices: [] }),
    triggerRun: post('/v1/sync-runs', {
      kind: 'sync',
      connectionId: connections.active,
      scope: { kind: 'erp-keys', actorType: 'customer', erpKeys: ['p1'] },
    }),
    listRuns: get(`/v1/sync-runs?connectionId=${connections.active}`),
    readRun: get(`/v1/sync-runs/${runs.ended}`),
    cancelRun: post(`/v1/sync-runs/${runs.queued}/cancel`),
    continueRun: post(`/v1/sync-runs/${runs.braked}/continue`),
    dropRun: post(`/v1/sync-runs/${runs.braked}/drop`),
    listRunChanges: get(`/v1/sync-runs/${runs.ended}/changes`),
    listChanges: get('/v1/changes?from=2026-01-01T00:00:00Z'),
    listConflicts: get('/v1/conflicts'),
    resolveConflicts: post('/v1/conflicts/resolve', { keep: 'crm', erpField: 'PHONE' }),
    resolveConflict: post(`/v1/conflicts/${conflict}/resolve`, { value: '+31 40 1' }),
    getFailure: get(`/v1/failures/${failures.parked}`),
    listFailures: get(`/v1/failures?connectionId=${connections.active}`),
    retryFailures: post('/v1/failures/retry', { linkId: failures.parked }),
    retryFailure: post(`/v1/failures/${failures.parked}/retry`),
    dismissFailure: post(`/v1/failures/${failures.merged}/dismiss`),
  };
}
