/** Two calls at once, in every order of the port steps that decide: what drifted, and what is told of it. */
import { expect, test } from 'vitest';
import type { Caller } from '../../../functions/features/api-keys/authenticate.ts';
import type { Application } from '../../../functions/features/application.ts';
import { deleteConnection } from '../../../functions/features/connections/connection-life.ts';
import { refreshMetadata } from '../../../functions/features/connections/refresh-metadata.ts';
import { dismissFailure } from '../../../functions/features/failures/dismiss-failure.ts';
import type { ApiWorld } from '../api-world.ts';
import { everyOrder, type Turns } from '../every-order.ts';
import { drifted, erpSays } from './drifted.ts';

/** The application as one of the calls sees it: drift and its failure wait for their turn. */
function appOf({ app }: ApiWorld, turns: Turns, call: number): Application {
  const steps = ['putActorTypes', 'noteActorType', 'replaceActorType', 'replace', 'getWithTypes', 'open', 'close'];
  const only = <Port extends object>(port: Port): Port => {
    const turned = turns.of(call, port);
    return new Proxy(port, {
      get: (target, name) => Reflect.get(steps.includes(String(name)) ? turned : target, name),
    });
  };
  return { ...app, connections: only(app.connections), failures: only(app.failures) };
}

const adminOf = ({ tenantId }: ApiWorld): Caller => ({ tenantId, caller: 'one', role: 'admin' });

type Made = Awaited<ReturnType<typeof drifted>>;

const told = async ({ world, failure }: Made): Promise<string[]> => {
  const { status, json } = await world.send('GET', failure);
  return status === 404 ? [] : json.fields.map(({ field }: { field: string }) => field);
};

async function drifts({ world, id }: Made): Promise<string[]> {
  const setup = await world.app.connections.getSetup(world.tenantId, id);
  return (setup?.actorTypes ?? []).flatMap(({ actorType, drift = [] }) =>
    drift.map(({ side, field }) => `${actorType}.${side}.${field}`),
  );
}

test('however a refresh and a deletion meet, nothing is told of a connection that is deleted', async () => {
  const orders = await everyOrder(
    () => drifted(['PHONE', { maxLength: 10 }]),
    ({ world, id }, turns) => [
      refreshMetadata(appOf(world, turns, 0), adminOf(world), id),
      deleteConnection(appOf(world, turns, 1), { caller: adminOf(world), id, ifMatch: 'any' }),
    ],
    async (made) => expect(await told(made)).toEqual([]),
  );
  expect(orders).toBeGreaterThan(5);
});

test('however a refresh and a dismissal meet, what drifted is told, and nothing else', async () => {
  const orders = await everyOrder(
    async () => {
      const made = await drifted(['PHONE', { maxLength: 10 }]);
      const { fields } = await made.read(made.failure);
      erpSays(made.world, 'NAME', { maxLength: 10 });
      return { ...made, fields };
    },
    ({ world, id, fields }, turns) => [
      refreshMetadata(appOf(world, turns, 0), adminOf(world), id),
      dismissFailure(appOf(world, turns, 1), adminOf(world), `${id}.drift`, fields),
    ],
    async (made) => expect(await told(made)).toEqual(await drifts(made)),
  );
  expect(orders).toBeGreaterThan(5);
});
