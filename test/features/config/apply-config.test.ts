import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { withCrm } from '../set-up-steps.ts';
import { apply, emptyTenant, exported, filled, plan, wholeWorld } from './config-world.ts';

const nothingChanged = { same: true, complete: true, leftAlone: [] };

test('what is exported changes nothing where it comes from, and tells no secret', async () => {
  const world = await wholeWorld();
  const file = await exported(world);
  expect(file.connections[0].config).toEqual({
    ...{ database: 'demo', timeout: 30, user: 'sync' },
    password: `\${env:DEMO_ERP_PASSWORD}`,
  });
  const before = JSON.stringify(await world.standing());
  expect((await plan(world, filled(file))).json).toMatchObject(nothingChanged);
  expect((await apply(world, filled(file))).json).toMatchObject(nothingChanged);
  expect(JSON.stringify(await world.standing())).toBe(before);
});

test('applied to an empty tenant it makes the same set-up, and once', async () => {
  const world = await wholeWorld();
  const file = await exported(world);
  const to = await emptyTenant(world);
  const planned = await plan(world, filled(file), to);
  expect(planned.json).toMatchObject({ same: false, connections: [{ name: 'Demo ERP', outcome: 'made', errors: [] }] });
  expect(await exported(world, to)).toEqual({ version: 1, connectors: [], connections: [] });
  const applied = await apply(world, filled(file), to);
  expect(applied.json).toEqual(planned.json);
  expect(await exported(world, to)).toEqual(file);
  expect((await apply(world, filled(file), to)).json).toMatchObject(nothingChanged);
  const [made] = (await world.send('GET', '/v1/connections', to)).json.items;
  expect(made.state).toBe('inactive');
});

test('an empty file changes nothing and says what it leaves alone', async () => {
  const world = await wholeWorld();
  const { json } = await apply(world, { version: 1, connectors: [], connections: [] });
  expect(json).toMatchObject({
    same: true,
    leftAlone: [
      { kind: 'connector', name: 'Tryton' },
      { kind: 'connection', name: 'Demo ERP' },
    ],
  });
  const fresh = new ApiWorld();
  await withCrm(fresh);
  expect(await exported(fresh)).toEqual({ version: 1, connectors: [], connections: [] });
});
