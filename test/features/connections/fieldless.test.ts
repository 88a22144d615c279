/** A system that shows no field at all to whoever asks: an error that says what to do, and everything stays as it is. */
import { expect, test } from 'vitest';
import { ApiWorld, goodPassword } from '../api-world.ts';
import { filled } from '../config/config-world.ts';
import { activeConnection } from '../set-up-steps.ts';

/** An active connection of which a side shows no field any more. */
async function fieldless(side: 'crm' | 'erp') {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const path = `/v1/connections/${id}`;
  const mapping = async () => (await world.send('GET', `${path}/actor-types/customer/mapping`)).json;
  const before = await mapping();
  const file = filled((await world.send('GET', '/v1/config/export')).json);
  const types = world[side].options.types.map((type) => ({ ...type, fields: [] }));
  Object.assign(world[side].options, { types });
  return { world, id, path, mapping, before, file };
}

const refusal = (user: string) => ({
  status: 422,
  json: { errors: [{ path: 'actorTypes.customer', message: expect.stringMatching(new RegExp(`${user}.*right`)) }] },
});

test.each([
  ['erp', 'user of the connection'],
  ['crm', 'user of the CRM settings'],
] as const)(
  'a refresh of a system that shows no field (%s) says what to do, and nothing is marked as gone',
  async (side, user) => {
    const { world, path, mapping, before } = await fieldless(side);
    expect(await world.send('POST', `${path}/refresh-metadata`)).toMatchObject(refusal(user));
    expect(await mapping()).toEqual(before);
    expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
    expect((await world.send('GET', path)).json).toMatchObject({ state: 'active', drift: [] });
  },
);

test('neither an activation nor a copy nor a change of configuration takes it for an answer', async () => {
  const { world, path, mapping, file } = await fieldless('erp');
  await world.send('POST', `${path}/deactivate`);
  const before = await mapping();
  expect(await world.send('POST', `${path}/activate`)).toMatchObject(refusal('user of the connection'));
  const secrets = world.secrets.size;
  const copy = await world.send('POST', `${path}/copy`, { body: { name: 'Next company' } });
  expect(copy).toMatchObject(refusal('user of the connection'));
  expect(world.secrets.size).toBe(secrets);
  const config = await world.change('PATCH', path, { config: { timeout: 20 } });
  expect(config).toMatchObject(refusal('user of the connection'));
  file.connections[0].config.password = goodPassword;
  file.connections[0].config.database = 'other';
  const applied = await world.send('POST', '/v1/config/apply', { body: file });
  expect(applied.json.connections).toMatchObject([{ outcome: 'refused' }]);
  expect(JSON.stringify(applied.json.connections)).toContain('user of the connection');
  expect(await mapping()).toEqual(before);
  expect((await world.send('GET', '/v1/connections')).json.items).toHaveLength(1);
});

test('a type that is not synchronised keeps its fields, and stops nobody', async () => {
  const { world, path } = await fieldless('erp');
  await world.send('POST', `${path}/deactivate`);
  await world.change('PUT', `${path}/actor-types/customer/mapping`, { active: false, fields: [] });
  const refreshed = await world.send('POST', `${path}/refresh-metadata`);
  expect(refreshed.status).toBe(200);
  expect(refreshed.json.items[0].fields.length).toBeGreaterThan(3);
});
