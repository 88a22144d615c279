import { expect, test } from 'vitest';
import type { ApiWorld } from '../api-world.ts';
import { goodConfig } from '../set-up-steps.ts';
import { apply, exported, type File, filled, nameUnclaimed, plan, wholeWorld } from './config-world.ts';

async function prepared() {
  const world = await wholeWorld();
  const [first] = (await world.send('GET', '/v1/connections')).json.items;
  const add = (name: string) =>
    world.send('POST', '/v1/connections', { body: { connectorId: first.connectorId, name, config: goodConfig } });
  const second = (await add('Second')).json;
  return { world, first, second, add };
}

const refusedFor = (holder: { id: string }) => ({
  status: 409,
  json: { detail: expect.stringContaining(`The connection ${holder.id} has this name already`) },
});

const namesOf = async (world: ApiWorld) =>
  (await world.send('GET', '/v1/connections')).json.items.map(({ name }: { name: string }) => name).toSorted();

test('a name that another connection has is refused wherever one is given, before anything is asked of a system', async () => {
  const { world, first, second, add } = await prepared();
  const calls = world.erp.callCount();
  expect(await add(' demo ERP')).toMatchObject(refusedFor(first));
  const path = `/v1/connections/${second.id}`;
  expect(await world.change('PATCH', path, { name: 'Demo Erp' })).toMatchObject(refusedFor(first));
  expect(await world.send('POST', `${path}/copy`, { body: { name: 'DEMO ERP' } })).toMatchObject(refusedFor(first));
  expect(world.erp.callCount()).toBe(calls);
  expect((await world.change('PATCH', path, { name: 'SECOND' })).json).toMatchObject({ name: 'SECOND' });
  expect(await namesOf(world)).toEqual(['Demo ERP', 'SECOND']);
});

test('a name that another connector has is refused, and one that is removed leaves its own', async () => {
  const { world } = await prepared();
  const connector = { kind: 'tryton', name: 'tryton', url: 'https://erp.example.com' };
  const [holder] = (await world.send('GET', '/v1/connectors')).json.items;
  const detail = expect.stringContaining(`The connector ${holder.id} has this name already`);
  const refused = { status: 409, json: { detail } };
  expect(await world.send('POST', '/v1/connectors', { body: connector })).toMatchObject(refused);
  const other = await world.send('POST', '/v1/connectors', { body: { ...connector, name: 'Other' } });
  const path = `/v1/connectors/${other.json.id}`;
  expect(await world.change('PUT', path, connector)).toMatchObject(refused);
  expect(await world.change('PUT', path, { ...connector, name: 'Third' })).toMatchObject({ status: 200 });
  expect((await world.send('POST', '/v1/connectors', { body: { ...connector, name: 'other' } })).status).toBe(201);
  expect((await world.change('DELETE', path)).status).toBe(204);
  expect((await world.send('POST', '/v1/connectors', { body: { ...connector, name: 'third' } })).status).toBe(201);
});

test('a deleted connection leaves its name to others, and is restored when it is free again', async () => {
  const { world, first, second, add } = await prepared();
  const path = `/v1/connections/${second.id}`;
  await world.change('DELETE', path);
  const heir = (await add('Second')).json;
  expect(await world.send('POST', `${path}/restore`)).toMatchObject(refusedFor(heir));
  await world.change('PATCH', `/v1/connections/${heir.id}`, { name: 'Third' });
  expect(await world.send('POST', `${path}/restore`)).toMatchObject({ status: 200, json: { name: 'Second' } });
  expect(await add('second')).toMatchObject(refusedFor(second));
  expect(await world.change('PATCH', `/v1/connections/${first.id}`, { name: 'third' })).toMatchObject(refusedFor(heir));
});

test('of two connections that are made at once with one name there is one', async () => {
  const { world, add } = await prepared();
  const made = await Promise.all([add('New'), add('new'), add('NEW ')]);
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  expect((await namesOf(world)).map((name: string) => name.trim().toLowerCase())).toEqual([
    'demo erp',
    'new',
    'second',
  ]);
});

test('connections that had one name before go on, and only a change of name needs another one', async () => {
  const { world, first, second, add } = await prepared();
  await nameUnclaimed(world, second.id, 'Demo ERP');
  for (const { id } of [first, second]) {
    const path = `/v1/connections/${id}`;
    expect((await world.change('PATCH', path, { description: 'Changed', name: 'Demo ERP' })).status).toBe(200);
  }
  expect((await world.send('POST', `/v1/connections/${first.id}/activate`)).status).toBe(200);
  expect((await add('demo erp')).status).toBe(409);
  expect((await world.change('DELETE', `/v1/connections/${second.id}`)).status).toBe(204);
  expect(await world.send('POST', `/v1/connections/${second.id}/restore`)).toMatchObject(refusedFor(first));
  expect((await add('Demo ERP')).status).toBe(409);
});

test('a file that writes a name otherwise than its holder is refused with its place and the id, and plans what it applies', async () => {
  const { world, first } = await prepared();
  const file: File = filled(await exported(world));
  const [entry] = file.connections;
  file.connectors[0].name = 'TRYTON';
  for (const one of file.connections) one.connector = 'TRYTON';
  file.connections.push({ ...entry, name: 'demo erp', connector: 'TRYTON' });
  file.connections.splice(0, 1);
  for (const { status, json } of [await plan(world, file), await apply(world, file)]) {
    expect([status, json.errors]).toEqual([
      400,
      [
        { path: 'connectors[0].name', message: expect.stringMatching(/^The connector \S+ has this name already/) },
        {
          path: 'connections[1].name',
          message: `The connection ${first.id} has this name already, written otherwise`,
        },
      ],
    ]);
  }
  const twice: File = filled(await exported(world));
  twice.connections.push({ ...twice.connections[0], name: 'DEMO ERP ' });
  expect((await plan(world, twice)).json.errors[0].message).toBe('Is the name of connections[0] too');
});
