import { expect, test } from 'vitest';
import { createTenant } from '../../../functions/features/tenants/create-tenant.ts';
import { deleteTenant } from '../../../functions/features/tenants/delete-tenant.ts';
import { deletedWorld, type PurgedWorld } from '../connections/purged-world.ts';
import { begin, codeFor, newPage, sessionTrail, signIn, signInWorld, start } from '../sessions/sign-in-steps.ts';
import { addConnection } from '../set-up-steps.ts';

async function tenantOf({ world }: PurgedWorld) {
  const tenant = await world.app.tenants.get(world.tenantId);
  if (!tenant) throw new Error('it is there');
  return tenant;
}

/** What is there of the tenant in the table and is not forgotten by itself. */
async function standingOf({ world }: PurgedWorld): Promise<string[]> {
  const items = await world.standing();
  const own = items.filter(({ pk, tenantId }) => pk.startsWith(`${world.tenantId}#`) || tenantId === world.tenantId);
  const kept = own.filter(({ type, expires }) => expires === undefined || type === 'audit' || type === 'changes');
  return kept.map(({ type }) => String(type));
}

async function othersOf({ world }: PurgedWorld) {
  const items = await world.standing();
  return items.filter(({ pk }) => pk.startsWith(`${world.otherTenantId}#`)).length;
}

test('a tenant is deleted with all that it has, and says in numbers what that was', async () => {
  const of = await deletedWorld(0);
  const { world } = of;
  const others = await othersOf(of);
  const told: string[] = [];
  const gone = await deleteTenant(world.app, await tenantOf(of), (sentence) => told.push(sentence));
  expect(gone).toMatchObject({ apiKeys: 1, connections: 2, links: 4, runs: 2 });
  expect(told).toHaveLength(4);
  expect(await standingOf(of)).toEqual([]);
  expect([...world.secrets.keys()].filter((name) => name.startsWith(`${world.tenantId}/`))).toEqual([]);
  expect([...world.schedules.keys(), ...world.purgesFrom.keys()]).toEqual([]);
  expect(await othersOf(of)).toBe(others);
});

test('the CRM context of a deleted tenant can be claimed anew, and not before', async () => {
  const of = await deletedWorld(0);
  const { world } = of;
  const again = () => createTenant(world.app, { crmContext: 'Cust11111' });
  await expect(again()).rejects.toMatchObject({ kind: 'conflict' });
  await deleteTenant(world.app, await tenantOf(of), () => {});
  expect((await again()).tenantId).not.toBe(world.tenantId);
});

test('nothing works for a tenant any more while it is deleted: keys go first, then every connection stops', async () => {
  const of = await deletedWorld(0);
  const { world } = of;
  const app = {
    ...world.app,
    runtime: {
      ...world.app.runtime,
      async sleep(ms: number) {
        expect(ms).toBeGreaterThanOrEqual(90_000);
        const { items } = await world.app.connections.list(world.tenantId, { limit: 10, includeDeleted: true });
        expect(items.map(({ state, purging }) => [state, purging])).toEqual([
          ['deleted', true],
          ['deleted', true],
        ]);
        expect((await world.app.apiKeys.list(world.tenantId, { limit: 10 })).items).toEqual([]);
        throw new Error('interrupted');
      },
    },
  };
  await expect(deleteTenant(app, await tenantOf(of), () => {})).rejects.toThrow('interrupted');
  expect((await world.send('POST', `/v1/connections/${of.first}/restore`)).status).toBe(409);
});

test('whoever has a session, or signs in, is nobody from the beginning on, and leaves nothing behind', async () => {
  const world = await signInWorld();
  const { tenantId } = world;
  world.limitFailures({ caller: 20, tenant: 200 });
  expect((await begin(world, { apiKey: `esk_${tenantId}_none_${'x'.repeat(43)}` })).status).toBe(401);
  expect((await world.standing()).filter(({ type, pk }) => type === 'rate' || pk.includes('#rate#'))).not.toEqual([]);
  const session = await signIn(world, '10');
  const { verifier, challenge } = newPage();
  const code = await codeFor(world, { verifier, challenge }, '10');
  const key = (await world.send('POST', '/v1/api-keys', { body: { name: 'Scripts', role: 'admin' } })).json.key;
  const ofKey = (await begin(world, { apiKey: key })).json.session;
  const tenant = await world.app.tenants.get(tenantId);
  if (!tenant) throw new Error('it is there');
  let trail = 0;
  const app = {
    ...world.app,
    runtime: {
      ...world.app.runtime,
      async sleep(ms: number) {
        for (const bearer of [session, ofKey, key]) {
          const made = await world.send('POST', '/v1/connectors', { bearer, body: {} });
          expect(made.status).toBe(401);
        }
        expect(await world.authorize(session)).toEqual({ refusal: 'session-ended' });
        expect(await world.authorize(key)).toEqual({ refusal: 'unknown' });
        trail = (await sessionTrail(world)).length;
        // The CRM would be asked again by now, and would let the user in no more.
        world.provider.users.delete('10');
        world.nowMs += 10 * 60_000 + ms;
        expect(await world.authorize(session)).toEqual({ refusal: 'session-ended' });
        expect((await begin(world, { code, verifier })).status).toBe(401);
        const [known, unknown] = [await start(world, newPage()), await start(world, newPage(), { tenant: 'Nobody' })];
        expect(new URL(String(known.headers.location)).host).toBe(new URL(String(unknown.headers.location)).host);
        expect((await sessionTrail(world)).length).toBe(trail);
      },
    },
  };
  await deleteTenant(app, tenant, () => {});
  const left = (await world.standing()).filter(({ pk }) => pk.startsWith(`${tenantId}#`));
  expect([...new Set(left.map(({ type }) => type))].toSorted()).toEqual(['session', 'sign-in-pass']);
  expect(left.every(({ expires }) => Number(expires) * 1000 < world.nowMs + 2 * 86_400_000)).toBe(true);
});

test('a connection that somebody made who was let in just before is removed too, with its secret', async () => {
  const of = await deletedWorld(0);
  const { world } = of;
  let waits = 0;
  const app = {
    ...world.app,
    runtime: {
      ...world.app.runtime,
      async sleep() {
        waits += 1;
        if (waits === 1) await addConnection(world, 'Made meanwhile');
      },
    },
  };
  const gone = await deleteTenant(app, await tenantOf(of), () => {});
  expect([waits, gone.connections]).toEqual([2, 3]);
  expect(await standingOf(of)).toEqual([]);
  expect([...world.secrets.keys()].filter((name) => name.startsWith(`${world.tenantId}/`))).toEqual([]);
});

test('a secret of a connection that was never stored goes with the tenant', async () => {
  const of = await deletedWorld(0);
  const { world } = of;
  await world.app.vault.write(world.tenantId, 'given-up', { password: 'x' });
  await deleteTenant(world.app, await tenantOf(of), () => {});
  expect([...world.secrets.keys()].filter((name) => name.startsWith(`${world.tenantId}/`))).toEqual([]);
});

/** Deletes with an interruption at one call, then again; how many calls there were, and what is left. */
async function interruptedAt(dieAt: number) {
  const of = await deletedWorld(0);
  const { world } = of;
  const tenant = await tenantOf(of);
  let calls = 0;
  world.storageGate = () => {
    calls += 1;
    if (calls === dieAt) throw new Error('interrupted');
  };
  const outcome = await deleteTenant(world.app, tenant, () => {}).catch((error: Error) => error.message);
  world.storageGate = () => {};
  if (await world.app.tenants.get(tenant.id)) await deleteTenant(world.app, tenant, () => {});
  return { calls, outcome, left: await standingOf(of) };
}

test('an interruption at any call is made good by giving the command again', async () => {
  const { calls } = await interruptedAt(Number.POSITIVE_INFINITY);
  expect(calls).toBeGreaterThan(150);
  for (let dieAt = 1; dieAt <= calls; dieAt += 7) {
    expect(await interruptedAt(dieAt), `at call ${dieAt}`).toMatchObject({ outcome: 'interrupted', left: [] });
  }
});
