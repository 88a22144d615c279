/**
 * Every operation of the HTTP API as plain data, by the function that answers it. Routes look themselves up here by id;
 * API Gateway's paths and rights come from here too, so this file imports no runtime code.
 * test/http/registry.test.ts holds routes and registry together.
 */
import type { Role } from '../core/model/api-key.ts';

/**
 * How an Idempotency-Key is honoured: `same` keeps the answer; `recompute` keeps only that the request was made, for
 * POSTs that change nothing; `refuse` keeps the id alone, for answers that hold a secret shown once; `until-done` keeps the
 * answer that says that all is done, for POSTs that go on where they are sent again.
 */
type Replay = 'same' | 'recompute' | 'refuse' | 'until-done';

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{name}` is one segment, `{name+}` the rest of the path. */
  readonly path: string;
  /** `public`: answered without a key. */
  readonly roles: readonly Role[] | 'public';
  /** Of the answer; default 200. Without a body it is 204, or 302 to another place. */
  readonly status?: 201 | 202 | 204 | 302;
  /** If-Match is required. */
  readonly ifMatch?: true;
  /** Default `same`. */
  readonly replay?: Replay;
  /** Answers a page of items. */
  readonly list?: true;
  /** About nothing but the caller: whoever has got in is answered. */
  readonly ofCaller?: true;
}

/** The functions behind the HTTP API. */
export const apiFunctions = ['connections', 'links', 'sync', 'session'] as const;
export type ApiFunction = (typeof apiFunctions)[number];

const admin = ['admin'] as const;
/** What the CRM's back end may do too: links, triggers, reads. */
const adminAndService = ['admin', 'service'] as const;
/** Users of the CRM too: of what they reach (functions/features/access/guard-user.ts). */
const everybody = ['admin', 'service', 'user'] as const;

export const registry = {
  connections: {
    checkHealth: { method: 'GET', path: '/v1/health', roles: 'public' },
    readContract: { method: 'GET', path: '/v1/openapi.json', roles: 'public' },
    readCaller: { method: 'GET', path: '/v1/me', roles: everybody, ofCaller: true },

    listApiKeys: { method: 'GET', path: '/v1/api-keys', roles: admin, list: true },
    issueApiKey: { method: 'POST', path: '/v1/api-keys', roles: admin, status: 201, replay: 'refuse' },
    revokeApiKey: { method: 'DELETE', path: '/v1/api-keys/{id}', roles: admin, status: 204 },

    listAudit: { method: 'GET', path: '/v1/audit', roles: admin, list: true },

    readTenant: { method: 'GET', path: '/v1/tenant', roles: admin },
    saveTenant: { method: 'PUT', path: '/v1/tenant', roles: admin, ifMatch: true },
    testTenant: { method: 'POST', path: '/v1/tenant/test', roles: admin, replay: 'recompute' },

    readEngine: { method: 'GET', path: '/v1/engine', roles: adminAndService },
    saveEngine: { method: 'PUT', path: '/v1/engine', roles: admin, ifMatch: true },

    listConnectorTypes: { method: 'GET', path: '/v1/connector-types', roles: admin, list: true },
    listConnectors: { method: 'GET', path: '/v1/connectors', roles: admin, list: true },
    addConnector: { method: 'POST', path: '/v1/connectors', roles: admin, status: 201 },
    readConnector: { method: 'GET', path: '/v1/connectors/{id}', roles: admin },
    changeConnector: { method: 'PUT', path: '/v1/connectors/{id}', roles: admin, ifMatch: true },
    removeConnector: { method: 'DELETE', path: '/v1/connectors/{id}', roles: admin, ifMatch: true, status: 204 },
    testConnector: { method: 'POST', path: '/v1/connectors/{id}/test', roles: admin, replay: 'recompute' },
    listConfigFields: { method: 'GET', path: '/v1/connectors/{id}/config-fields', roles: admin, list: true },

    listConnections: { method: 'GET', path: '/v1/connections', roles: everybody, list: true },
    createConnection: { method: 'POST', path: '/v1/connections', roles: admin, status: 201 },
    testConfiguration: { method: 'POST', path: '/v1/connections/test', roles: admin, replay: 'recompute' },
    copyConnection: { method: 'POST', path: '/v1/connections/{id}/copy', roles: admin, status: 201 },
    orderConnections: { method: 'PUT', path: '/v1/connections/order', roles: admin },
    readConnection: { method: 'GET', path: '/v1/connections/{id}', roles: everybody },
    changeConnection: { method: 'PATCH', path: '/v1/connections/{id}', roles: admin, ifMatch: true },
    deleteConnection: { method: 'DELETE', path: '/v1/connections/{id}', roles: admin, ifMatch: true, status: 204 },
    testConnection: { method: 'POST', path: '/v1/connections/{id}/test', roles: admin },
    activateConnection: { method: 'POST', path: '/v1/connections/{id}/activate', roles: admin },
    deactivateConnection: { method: 'POST', path: '/v1/connections/{id}/deactivate', roles: admin },
    restoreConnection: { method: 'POST', path: '/v1/connections/{id}/restore', roles: admin },
    summariseConnection: { method: 'GET', path: '/v1/connections/{id}/summary', roles: adminAndService },

    listActorTypes: { method: 'GET', path: '/v1/connections/{id}/actor-types', roles: everybody, list: true },
    refreshMetadata: { method: 'POST', path: '/v1/connections/{id}/refresh-metadata', roles: admin },
    readMapping: { method: 'GET', path: '/v1/connections/{id}/actor-types/{type}/mapping', roles: adminAndService },
    saveMapping: {
      method: 'PUT',
      path: '/v1/connections/{id}/actor-types/{type}/mapping',
      roles: admin,
      ifMatch: true,
    },
    readFieldOrder: {
      method: 'GET',
      path: '/v1/connections/{id}/actor-types/{type}/field-order',
      roles: adminAndService,
    },
    saveFieldOrder: {
      method: 'PUT',
      path: '/v1/connections/{id}/actor-types/{type}/field-order',
      roles: admin,
      ifMatch: true,
    },
    readDefaults: { method: 'GET', path: '/v1/connections/{id}/actor-types/{type}/defaults', roles: adminAndService },
    saveDefaults: {
      method: 'PUT',
      path: '/v1/connections/{id}/actor-types/{type}/defaults',
      roles: admin,
      ifMatch: true,
    },
    listMappingVersions: {
      method: 'GET',
      path: '/v1/connections/{id}/actor-types/{type}/mapping/versions',
      roles: adminAndService,
      list: true,
    },
    readMappingVersion: {
      method: 'GET',
      path: '/v1/connections/{id}/actor-types/{type}/mapping/versions/{number}',
      roles: adminAndService,
    },
    restoreMappingVersion: {
      method: 'POST',
      path: '/v1/connections/{id}/actor-types/{type}/mapping/versions/{number}/restore',
      roles: admin,
    },
    readListMappings: { method: 'GET', path: '/v1/connections/{id}/list-mappings', roles: adminAndService },
    saveListMappings: { method: 'PUT', path: '/v1/connections/{id}/list-mappings', roles: admin, ifMatch: true },
    listUnmappedItems: {
      method: 'GET',
      path: '/v1/connections/{id}/unmapped-items',
      roles: adminAndService,
      list: true,
    },
    listErpItems: { method: 'GET', path: '/v1/connections/{id}/lists/{name}', roles: everybody, list: true },
    listCrmItems: { method: 'GET', path: '/v1/crm/lists/{name}', roles: adminAndService, list: true },
    listCrmUsers: { method: 'GET', path: '/v1/crm/users', roles: admin, list: true },
    listCrmGroups: { method: 'GET', path: '/v1/crm/groups', roles: admin, list: true },
    listCrmFields: { method: 'GET', path: '/v1/crm/{crmType}/fields', roles: adminAndService, list: true },

    exportConfig: { method: 'GET', path: '/v1/config/export', roles: admin },
    planConfig: { method: 'POST', path: '/v1/config/plan', roles: admin, replay: 'recompute' },
    applyConfig: { method: 'POST', path: '/v1/config/apply', roles: admin, replay: 'until-done' },
  },
  links: {
    searchActors: { method: 'GET', path: '/v1/connections/{id}/actors/{type}', roles: everybody, list: true },
    // An ERP key may hold slashes.
    readActor: { method: 'GET', path: '/v1/connections/{id}/actors/{type}/{erpKey+}', roles: everybody },

    readMappingExample: {
      method: 'GET',
      path: '/v1/connections/{id}/actor-types/{type}/mapping/example',
      roles: admin,
    },

    previewLinks: { method: 'POST', path: '/v1/links/preview', roles: everybody, replay: 'recompute' },
    connectLinks: { method: 'POST', path: '/v1/links', roles: everybody, status: 202 },
    listLinks: { method: 'GET', path: '/v1/links', roles: everybody, list: true },
    readLink: { method: 'GET', path: '/v1/links/{id}', roles: everybody },
    explainLink: { method: 'GET', path: '/v1/links/{id}/fields', roles: everybody },
    disconnectLink: { method: 'DELETE', path: '/v1/links/{id}', roles: everybody },
    restoreLink: { method: 'POST', path: '/v1/links/{id}/restore', roles: everybody, status: 202 },
    eraseRecord: { method: 'POST', path: '/v1/crm/{crmType}/{crmId}/erase', roles: admin, replay: 'until-done' },
    moveLink: { method: 'POST', path: '/v1/links/{id}/move', roles: everybody, status: 202 },
  },
  sync: {
    triggerRun: { method: 'POST', path: '/v1/sync-runs', roles: everybody, status: 202 },
    listRuns: { method: 'GET', path: '/v1/sync-runs', roles: adminAndService, list: true },
    readRun: { method: 'GET', path: '/v1/sync-runs/{id}', roles: everybody },
    cancelRun: { method: 'POST', path: '/v1/sync-runs/{id}/cancel', roles: adminAndService },
    continueRun: { method: 'POST', path: '/v1/sync-runs/{id}/continue', roles: adminAndService, status: 202 },
    dropRun: { method: 'POST', path: '/v1/sync-runs/{id}/drop', roles: adminAndService, status: 202 },
    dryRunMapping: {
      method: 'POST',
      path: '/v1/connections/{id}/actor-types/{type}/mapping/dry-run',
      roles: admin,
      status: 202,
    },
    listRunChanges: { method: 'GET', path: '/v1/sync-runs/{id}/changes', roles: adminAndService, list: true },

    listChanges: { method: 'GET', path: '/v1/changes', roles: everybody, list: true },

    listConflicts: { method: 'GET', path: '/v1/conflicts', roles: everybody, list: true },
    resolveConflicts: {
      method: 'POST',
      path: '/v1/conflicts/resolve',
      roles: adminAndService,
      status: 202,
      replay: 'until-done',
    },
    resolveConflict: { method: 'POST', path: '/v1/conflicts/{id}/resolve', roles: everybody, status: 202 },

    getFailure: { method: 'GET', path: '/v1/failures/{id}', roles: everybody },
    listFailures: { method: 'GET', path: '/v1/failures', roles: everybody, list: true },
    retryFailures: {
      method: 'POST',
      path: '/v1/failures/retry',
      roles: adminAndService,
      status: 202,
      replay: 'until-done',
    },
    retryFailure: { method: 'POST', path: '/v1/failures/{id}/retry', roles: everybody, status: 202 },
    dismissFailure: { method: 'POST', path: '/v1/failures/{id}/dismiss', roles: adminAndService, status: 204 },
  },
  session: {
    startSignIn: { method: 'GET', path: '/v1/session/start', roles: 'public', status: 302 },
    finishSignIn: { method: 'GET', path: '/v1/session/callback', roles: 'public', status: 302 },
    beginSession: { method: 'POST', path: '/v1/session', roles: 'public', status: 201 },
    endSession: { method: 'DELETE', path: '/v1/session', roles: everybody, status: 204, ofCaller: true },
  },
} as const satisfies Record<ApiFunction, Record<string, Operation>>;

export const operations = { ...registry.connections, ...registry.links, ...registry.sync };
export const sessionOperations = registry.session;
export type OperationId = keyof typeof operations;
export type SessionOperationId = keyof typeof sessionOperations;

type ForUsers<Operations> = {
  [Id in keyof Operations]: Operations[Id] extends { roles: typeof everybody; ofCaller?: never } ? Id : never;
}[keyof Operations];
/** Operations that users of the CRM may call, each for what they reach. */
export type UserOperationId = ForUsers<typeof operations>;
/** Those that no reach limits. */
export type OtherOperationId = Exclude<OperationId, UserOperationId>;
