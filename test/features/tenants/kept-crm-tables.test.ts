import { expect, test } from 'vitest';
import { keptCrmTables } from '../../../functions/features/tenants/kept-crm-tables.ts';
import { ApiWorld } from '../api-world.ts';
import { withCrm } from '../set-up-steps.ts';

async function kept({ most = 10 } = {}) {
  const world = new ApiWorld();
  await withCrm(world);
  const { tenants, systems } = world.app;
  const asked: string[] = [];
  const watched = {
    get: (tenantId: string) => {
      asked.push(tenantId);
      return tenants.get(tenantId);
    },
  };
  const tables = keptCrmTables({ tenants: watched, systems }, { nowMs: () => world.nowMs }, { most });
  return { world, tables, asked };
}

test('the tables of a CRM are asked for once in five minutes, whatever the type', async () => {
  const { world, tables, asked } = await kept();
  expect(await tables.of(world.tenantId, 'company')).toBe('contact');
  world.nowMs += 5 * 60_000 - 1;
  expect(await tables.of(world.tenantId, 'company')).toBe('contact');
  await tables.of(world.tenantId, 'person');
  expect(asked).toEqual([world.tenantId]);
  world.nowMs += 1;
  await tables.of(world.tenantId, 'company');
  expect(asked).toEqual([world.tenantId, world.tenantId]);
});

test('a tenant without a CRM has none, and is asked again', async () => {
  const { world, tables, asked } = await kept();
  expect(await tables.of(world.tenantId, 'company')).toBe('contact');
  expect(await tables.of(world.otherTenantId, 'company')).toBeUndefined();
  expect(await tables.of(world.otherTenantId, 'company')).toBeUndefined();
  expect(asked).toEqual([world.tenantId, world.otherTenantId, world.otherTenantId]);
});

test('what is kept is bounded', async () => {
  const { world, tables, asked } = await kept({ most: 0 });
  await tables.of(world.tenantId, 'company');
  await tables.of(world.tenantId, 'company');
  expect(asked).toHaveLength(2);
});
