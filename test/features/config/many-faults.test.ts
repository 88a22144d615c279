import { expect, test } from 'vitest';
import type { EntryResult } from '../../../functions/features/config/config-result.ts';
import { ApiWorld } from '../api-world.ts';
import { addConnection, withCrm } from '../set-up-steps.ts';
import { apply, exported, type File } from './config-world.ts';

test('of a file with more faults than an answer holds each connection tells the first hundred, and how many there are', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const count = 55;
  for (let at = 0; at < count; at += 1) await addConnection(world, `C${at}`);
  const file: File = await exported(world);
  const fields = Array.from({ length: 80 }, (_, at) => ({ erpField: `e${at}`, crmField: `c${at}`, direction: 'both' }));
  const types = ['customer', 'supplier', 'partner', 'project'].map((type) => [type, { active: true, fields }]);
  for (const [at, connection] of file.connections.entries()) {
    connection.config.password = undefined;
    if (at === 0) connection.description = 'Changed';
    else Object.assign(connection, { lists: [], actorTypes: Object.fromEntries(types) });
  }
  const { status, json } = await apply(world, file);
  expect(status).toBe(200);
  const [first, second]: EntryResult[] = json.connections;
  expect(first?.outcome).toBe('changed');
  expect(second?.outcome).toBe('refused');
  expect(second?.errors).toHaveLength(101);
  expect(second?.errors.at(-1)?.message).toMatch(/^From here on \d\d\d more are not listed$/);
  expect(second?.changes).toHaveLength(100);
});
