/** docs/rights.md is the matrix of roles and operations; each cell of it is asked of the API in memory. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Role } from '../../functions/core/model/api-key.ts';
import { allRoutes } from '../../functions/http/all-routes.ts';
import { rightsPage } from '../../local/reference/rights.ts';
import { ApiWorld } from '../features/api-world.ts';

const page = readFileSync('docs/rights.md', 'utf8');

test('docs/rights.md is what the registry says', () => {
  expect(page === rightsPage(allRoutes), 'run `npm run openapi` and look at the difference').toBe(true);
});

const rows = page.split('\n').filter((line) => line.startsWith('| `'));

test('every operation has its row, and every cell is as the API answers', async () => {
  expect(rows).toHaveLength(allRoutes.length);
  const world = new ApiWorld();
  await world.tenants();
  for (const row of rows) {
    const [, operation = '', ...cells] = row.split('|').map((cell) => cell.trim());
    const [method = '', path = ''] = operation.replaceAll('`', '').split(' ');
    for (const [at, role] of Role.options.entries()) {
      const sent = { role, body: { nonsense: true } };
      const { status } = await world.send(method, path.replaceAll(/\{[^}]+\}/g, 'company'), sent);
      const isOpen = cells[at] === 'all' || cells[at] === 'yes';
      expect([operation, role, status === 403]).toEqual([operation, role, !isOpen]);
    }
    const { status } = await world.send(method, path.replaceAll(/\{[^}]+\}/g, 'company'), { role: 'none' });
    expect([operation, status === 401 && cells[0] !== 'all']).toEqual([operation, cells[0] !== 'all']);
  }
});
