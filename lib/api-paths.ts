/** The functions behind the HTTP API and the paths each answers, as in their route tables (a test compares the two). */
export const apiPaths = {
  connections: [
    '/v1/health',
    '/v1/me',
    '/v1/api-keys',
    '/v1/api-keys/{id}',
    '/v1/tenant',
    '/v1/tenant/test',
    '/v1/connector-types',
    '/v1/connectors',
    '/v1/connectors/{id}',
    '/v1/connectors/{id}/test',
    '/v1/connectors/{id}/config-fields',
    '/v1/connections',
    '/v1/connections/test',
    '/v1/connections/order',
    '/v1/connections/{id}',
    '/v1/connections/{id}/test',
    '/v1/connections/{id}/activate',
    '/v1/connections/{id}/deactivate',
    '/v1/connections/{id}/restore',
    '/v1/connections/{id}/summary',
    '/v1/connections/{id}/actor-types',
    '/v1/connections/{id}/refresh-metadata',
    '/v1/connections/{id}/actor-types/{type}/mapping',
    '/v1/connections/{id}/lists/{name}',
    '/v1/crm/lists/{name}',
    '/v1/crm/{crmType}/fields',
  ],
  links: [
    '/v1/connections/{id}/actors/{type}',
    '/v1/connections/{id}/actors/{type}/{erpKey+}',
    '/v1/links',
    '/v1/links/preview',
    '/v1/links/{id}',
    '/v1/links/{id}/restore',
  ],
  sync: [
    '/v1/sync-runs',
    '/v1/sync-runs/{id}',
    '/v1/sync-runs/{id}/cancel',
    '/v1/sync-runs/{id}/changes',
    '/v1/changes',
    '/v1/failures',
    '/v1/failures/retry',
    '/v1/failures/{id}/retry',
    '/v1/failures/{id}/dismiss',
  ],
} as const;

export const apiFunctions = ['connections', 'links', 'sync'] as const;
export type ApiFunction = (typeof apiFunctions)[number];

/** Answered without a key. */
export const publicPaths: readonly string[] = ['/v1/health'];
