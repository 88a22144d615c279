import { expect, test } from 'vitest';
import type { MemoryRecordType } from '../../../functions/adapters/memory/memory-record-system.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addActive } from '../set-up-steps.ts';
import { erpSays } from './drifted.ts';

const odd: [string, Partial<FieldMetadata>][] = [
  ['a label of 300 characters', { label: 'L'.repeat(300) }],
  ['a length below none', { maxLength: -1 }],
  ['a length with a fraction', { maxLength: 30.5 }],
];

/** What every set-up is read for. */
async function statuses(world: ApiWorld, id: string): Promise<number[]> {
  const path = `/v1/connections/${id}`;
  const reads = [path, `${path}/actor-types`, `${path}/actor-types/customer/mapping`, '/v1/config/export'];
  const answers = [
    ...reads.map((read) => ['GET', read] as const),
    ...['refresh-metadata', 'test', 'activate'].map((act) => ['POST', `${path}/${act}`] as const),
  ];
  const all: number[] = [];
  for (const [method, at] of answers) all.push((await world.send(method, at)).status);
  return all;
}

test.each(odd)('an ERP that says %s of a field leaves a connection that can be read', async (_what, over) => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  erpSays(world, 'NAME', over);
  expect((await world.send('POST', `/v1/connections/${id}/refresh-metadata`)).status).toBe(200);
  expect(await statuses(world, id)).toEqual([200, 200, 200, 200, 200, 200, 200]);
  expect(await statuses(world, await addActive(world, 'From the beginning'))).toEqual(Array(7).fill(200));
});

test.each(odd)('a CRM that says %s of a field leaves connections that can be read', async (_what, over) => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const [company, ...others] = world.crm.options.types as MemoryRecordType[];
  const fields = (company?.fields ?? []).map((one) => (one.key === 'note' ? { ...one, ...over } : one));
  Object.assign(world.crm.options, { types: [{ ...company, fields }, ...others] });
  expect((await world.send('GET', '/v1/crm/company/fields')).status).toBe(200);
  expect((await world.send('POST', `/v1/connections/${id}/refresh-metadata`)).status).toBe(200);
  expect(await statuses(world, id)).toEqual([200, 200, 200, 200, 200, 200, 200]);
});
