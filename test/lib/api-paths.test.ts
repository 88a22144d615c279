import { expect, test } from 'vitest';
import { connectionsRoutes } from '../../functions/http/routes/connections.ts';
import { linksRoutes } from '../../functions/http/routes/links.ts';
import { syncRoutes } from '../../functions/http/routes/sync.ts';
import { apiFunctions, apiPaths, publicPaths } from '../../lib/api-paths.ts';

const tables = { connections: connectionsRoutes, links: linksRoutes, sync: syncRoutes };

test.each(apiFunctions)('API Gateway sends to the function %s the paths of its route table and no other', (name) => {
  const ofTable = new Set(tables[name].map(({ path }) => path));
  expect([...ofTable].toSorted()).toEqual([...apiPaths[name]].toSorted());
});

test('API Gateway lets through without a key what the route tables say is public', () => {
  const routes = Object.values(tables).flat();
  const open = routes.filter(({ roles }) => roles === 'public').map(({ path }) => path);
  expect(open).toEqual(publicPaths);
});
