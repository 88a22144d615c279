/** Drift of every field that a mapping can have: what systems say of themselves has its room beside what people set. */
import { expect, test } from 'vitest';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import { ApiWorld } from '../api-world.ts';
import { addConnection, saveMapping, withCrm } from '../set-up-steps.ts';

/** As many rows as a mapping may have. */
const most = 80;
const longLabel = 'What this field is for, as somebody with much to tell has put it. '.repeat(3).trimEnd();

const fieldsOf = (prefix: string, over: Partial<FieldMetadata> = {}): FieldMetadata[] =>
  Array.from({ length: most }, (_, at) => ({
    ...{ key: `${prefix}_FIELD_OF_THE_CUSTOMER_${at}`, label: `Field ${at}`, type: 'text', maxLength: 40 },
    ...{ access: 'normal', searchable: false },
    ...over,
  }));

test('every field of the largest mapping may drift on both sides: each is told, and is as it should be once it is accepted', async () => {
  const world = new ApiWorld();
  world.erp.describe = async () => fieldsOf('E');
  world.crm.describe = async () => fieldsOf('c');
  await withCrm(world);
  const id = await addConnection(world);
  const rows = fieldsOf('E').map(({ key }, at) => ({
    ...{ erpField: key, crmField: fieldsOf('c')[at]?.key, direction: 'both' },
    transform: { kind: 'prefix', text: 'NL' },
  }));
  const saved = await saveMapping(world, id, { active: true, fields: rows });
  expect([saved.status, saved.json.errors]).toEqual([200, undefined]);
  const path = `/v1/connections/${id}`;
  expect((await world.send('POST', `${path}/activate`)).status).toBe(200);
  const other = { label: longLabel, format: 'phone', lengthUnit: 'utf16' } as const;
  world.erp.describe = async () => fieldsOf('E', { ...other, maxLength: 30 });
  world.crm.describe = async () => fieldsOf('c', { ...other, maxLength: 39 });
  expect((await world.send('POST', `${path}/refresh-metadata`)).status).toBe(200);
  const read = async (of: string) => (await world.send('GET', of)).json;
  expect((await read(path)).drift).toHaveLength(2 * most);
  const { fields } = await read(`/v1/failures/${id}.drift`);
  expect(fields).toHaveLength(2 * most);
  expect((await world.send('POST', `/v1/failures/${id}.drift/dismiss`, { body: { fields } })).status).toBe(204);
  expect((await read(path)).drift).toEqual([]);
});
