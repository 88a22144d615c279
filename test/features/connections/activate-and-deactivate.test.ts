/** Two calls at once, in every order of the port steps that decide: the state of a connection and what hangs on it. */
import { expect, test } from 'vitest';
import type { Caller } from '../../../functions/features/api-keys/authenticate.ts';
import type { Application } from '../../../functions/features/application.ts';
import { activateConnection } from '../../../functions/features/connections/activate-connection.ts';
import { changeConnection } from '../../../functions/features/connections/change-connection.ts';
import { deactivateConnection } from '../../../functions/features/connections/connection-life.ts';
import { createConnection } from '../../../functions/features/connections/create-connection.ts';
import { changeConnector } from '../../../functions/features/connectors/connectors.ts';
import { saveMapping } from '../../../functions/features/mappings/field-mapping.ts';
import { saveTenant } from '../../../functions/features/tenants/tenant-settings.ts';
import { ApiWorld, goodPassword } from '../api-world.ts';
import { everyOrder, type Turns } from '../every-order.ts';
import { activeConnection, crmSettings, goodConfig } from '../set-up-steps.ts';

interface Made {
  readonly world: ApiWorld;
  readonly id: string;
}

async function connected(state: 'active' | 'inactive'): Promise<Made> {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  if (state === 'inactive') await world.send('POST', `/v1/connections/${id}/deactivate`);
  return { world, id };
}

/** The application as one of the calls sees it: what decides waits for its turn. */
function appOf({ app }: ApiWorld, turns: Turns, call: number, steps: readonly string[]): Application {
  const { connections, connectors, schedules, vault, tenants } = app;
  const only = <Port extends object>(of: string, port: Port): Port => {
    const turned = turns.of(call, port);
    return new Proxy(port, {
      get: (target, name) => Reflect.get(steps.includes(`${of}.${String(name)}`) ? turned : target, name),
    });
  };
  return {
    ...app,
    connections: only('connections', connections),
    connectors: only('connectors', connectors),
    schedules: only('schedules', schedules),
    vault: only('vault', vault),
    tenants: only('tenants', tenants),
  };
}

function adminOf({ tenantId }: Pick<ApiWorld, 'tenantId'>): Caller {
  return { tenantId, caller: 'one', role: 'admin' };
}

const lifeSteps = ['connections.get', 'connections.replace', 'schedules.put', 'schedules.remove'];
const moveSteps = ['connectors.get', 'connectors.replace', 'connections.replace'];

test('however activating and deactivating meet, an active connection has a schedule and an inactive one has none', async () => {
  for (const state of ['active', 'inactive'] as const) {
    const orders = await everyOrder(
      () => connected(state),
      ({ world, id }, turns) => [
        activateConnection(appOf(world, turns, 0, lifeSteps), adminOf(world), id),
        deactivateConnection(appOf(world, turns, 1, lifeSteps), adminOf(world), id),
      ],
      async ({ world, id }) => {
        const connection = await world.app.connections.get(world.tenantId, id);
        expect([connection?.state, world.schedules.has(id)]).toEqual([
          connection?.state,
          connection?.state === 'active',
        ]);
      },
    );
    expect(orders).toBeGreaterThan(20);
  }
});

test('however an activation and a saved mapping meet, an active connection has the mapping that was tested', async () => {
  const steps = ['getSetup', 'getWholeSetup', 'replace', 'replaceActorType', 'noteActorType'].map(
    (step) => `connections.${step}`,
  );
  const orders = await everyOrder(
    () => connected('inactive'),
    ({ world, id }, turns) => [
      activateConnection(appOf(world, turns, 0, steps), adminOf(world), id),
      saveMapping(
        appOf(world, turns, 1, steps),
        { caller: adminOf(world), connectionId: id, actorType: 'customer', ifMatch: 'any' },
        { active: false, fields: [] },
      ),
    ],
    async ({ world, id }) => {
      const setup = await world.app.connections.getSetup(world.tenantId, id);
      const customer = setup?.actorTypes.find(({ actorType }) => actorType === 'customer');
      const { state } = setup?.connection ?? {};
      expect([state, customer?.active]).toEqual([state, state === 'active']);
      expect(world.schedules.has(id)).toBe(state === 'active');
    },
  );
  expect(orders).toBeGreaterThan(5);
});

test('however an activation and the removal of the CRM settings meet, an active connection has a CRM', async () => {
  const policy = { defaultConflictPolicy: { kind: 'crm-wins' }, retentionDays: 90 } as const;
  const steps = ['tenants.get', 'tenants.replace', 'connections.replace', 'connections.inOrder'];
  const orders = await everyOrder(
    () => connected('inactive'),
    ({ world, id }, turns) => [
      activateConnection(appOf(world, turns, 0, steps), adminOf(world), id),
      saveTenant(appOf(world, turns, 1, steps), adminOf(world), 'any', policy),
    ],
    async ({ world, id }) => {
      const connection = await world.app.connections.get(world.tenantId, id);
      const tenant = await world.app.tenants.get(world.tenantId);
      if (connection?.state === 'active') expect(tenant?.crm).toBeDefined();
      const version = tenant?.crm?.secretVersion;
      if (version) expect(await world.app.vault.read(world.tenantId, 'crm', version)).toBeDefined();
    },
  );
  expect(orders).toBeGreaterThan(20);
});

test('however a move and an activation meet, no connection is active at another address than its connector', async () => {
  const orders = await everyOrder(
    () => connected('inactive'),
    ({ world, id }, turns) => {
      const move = async () => {
        const app = appOf(world, turns, 1, moveSteps);
        const [connector] = (await app.connectors.list(world.tenantId, { limit: 1 })).items;
        const as = { caller: adminOf(world), id: connector?.id ?? '', ifMatch: 'any' } as const;
        await changeConnector(app, as, { kind: 'tryton', name: 'Tryton', url: 'https://new.example.com' });
      };
      return [activateConnection(appOf(world, turns, 0, moveSteps), adminOf(world), id), move()];
    },
    async ({ world, id }) => {
      const connection = await world.app.connections.get(world.tenantId, id);
      expect(connection).toMatchObject({ secretNeeded: true, connectorUrl: 'https://erp.example.com' });
      expect(connection?.state).not.toBe('active');
    },
  );
  expect(orders).toBeGreaterThan(20);
});

test('however a move and a new secret meet, what was tested at the old address is marked', async () => {
  const url = (at: number) => `https://new${at}.example.com`;
  const moved = async (app: Application, tenantId: string, at: number) => {
    const [connector] = (await app.connectors.list(tenantId, { limit: 1 })).items;
    const as = { caller: adminOf({ tenantId }), id: connector?.id ?? '', ifMatch: 'any' } as const;
    await changeConnector(app, as, { kind: 'tryton', name: 'Tryton', url: url(at) });
  };
  await everyOrder(
    async () => {
      const made = await connected('inactive');
      await moved(made.world.app, made.world.tenantId, 1);
      return made;
    },
    ({ world, id }, turns) => [
      changeConnection(
        appOf(world, turns, 0, moveSteps),
        { caller: adminOf(world), id, ifMatch: 'any' },
        { config: { password: goodPassword } },
      ),
      moved(appOf(world, turns, 1, moveSteps), world.tenantId, 2),
    ],
    async ({ world, id }) => {
      const connection = await world.app.connections.get(world.tenantId, id);
      expect(connection?.secretNeeded).toBe(connection?.connectorUrl === url(2) ? undefined : true);
    },
  );
});

test('however a move and a new connection meet, one that was tested at the old address is marked', async () => {
  await everyOrder(
    () => connected('inactive'),
    ({ world }, turns) => {
      const steps = ['connectors.get', 'connectors.replace', 'connections.create', 'connections.list'];
      const connectorOf = async () =>
        (await world.app.connectors.list(world.tenantId, { limit: 1 })).items[0]?.id ?? '';
      const create = async () => {
        const input = { connectorId: await connectorOf(), name: 'Second', config: goodConfig, intervalMinutes: 15 };
        await createConnection(appOf(world, turns, 0, steps), adminOf(world), input);
      };
      const move = async () => {
        const as = { caller: adminOf(world), id: await connectorOf(), ifMatch: 'any' } as const;
        const input = { kind: 'tryton', name: 'Tryton', url: 'https://new.example.com' };
        await changeConnector(appOf(world, turns, 1, steps), as, input);
      };
      return [create(), move()];
    },
    async ({ world }) => {
      const connections = await world.app.connections.inOrder(world.tenantId);
      const wrong = connections.filter(
        ({ connectorUrl, secretNeeded }) => (connectorUrl === 'https://erp.example.com') !== (secretNeeded === true),
      );
      expect([connections.length, wrong]).toEqual([2, []]);
    },
  );
});

test('however removing the CRM settings and entering them again meet, stored settings have their secret', async () => {
  const { kind, address, ...config } = crmSettings;
  const policy = { defaultConflictPolicy: { kind: 'crm-wins' }, retentionDays: 90 } as const;
  const orders = await everyOrder(
    () => connected('inactive'),
    ({ world }, turns) => {
      const app = (call: number) =>
        appOf(world, turns, call, ['tenants.replace', 'vault.write', 'vault.remove', 'vault.restore']);
      const enter = async () => {
        const again = app(1);
        const input = { ...policy, crm: { kind, address, config } };
        // Waits until the settings are gone, so that both calls change them.
        for (let tries = 0; tries < 3; tries += 1) {
          await saveTenant(again, adminOf(world), 'any', input).catch(() => {});
        }
      };
      return [saveTenant(app(0), adminOf(world), 'any', policy), enter()];
    },
    async ({ world }) => {
      const tenant = await world.app.tenants.get(world.tenantId);
      const version = tenant?.crm?.secretVersion;
      if (version) expect(await world.app.vault.read(world.tenantId, 'crm', version)).toBeDefined();
    },
  );
  expect(orders).toBeGreaterThan(20);
});
