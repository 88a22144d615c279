/** Which keys a record of Tryton can have: what is none is refused with the reason, for a missing record breaks its link. */
import { expect, test } from 'vitest';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };
const work = (id: number) => ({
  ...{ id, _write: 1, _timestamp: '1', last_modified_at: '2026-11-23T11:00:00.000Z', write_uid: 1, create_uid: 1 },
  ...{ name: `Work ${id}`, number: null, comment: null },
});
const above32Bits = 3_000_000_000;

function get(keys: readonly string[], ...found: readonly Scripted[]) {
  const http = scriptedTryton({ 'model.project.work.search_read': found, 'model.project.work.read': [{ result: [] }] });
  const config = { database: 'e', user: 'x' };
  return tryton({ http, runtime, url: 'https://e.example', config, password: 'y' }).get('project', keys, ['NAME']);
}

test('a record whose id is above 32 bits is read like any other', async () => {
  const answer = await get(['1', String(above32Bits)], { result: [work(1)] }, { result: [work(above32Bits)] });
  expect(answer.records.map(({ key }) => key)).toEqual(['1', '3000000000']);
  expect({ missing: answer.missing, failed: answer.failed }).toEqual({ missing: [], failed: [] });
});

test('a key that no record can have is refused with the reason and is not missing', async () => {
  const keys = ['no-id', '0', '-1', '1.5', '007', '12345678901234567890'];
  const { records, missing, failed } = await get([...keys, '1'], { result: [work(1)] });
  expect(records.map(({ key }) => key)).toEqual(['1']);
  expect(missing).toEqual([]);
  expect(failed.map(({ key }) => key)).toEqual(keys);
  for (const { error } of failed) {
    expect(error).toMatchObject({ kind: 'rejected', explanation: expect.stringContaining('whole numbers') });
  }
});

test('a database that fails on an id above 32 bits refuses that key alone', async () => {
  const answer = await get(['1', '3000000000'], { result: [work(1)] }, { error: ['integer out of range', ''] });
  expect(answer.records.map(({ key }) => key)).toEqual(['1']);
  expect(answer.missing).toEqual([]);
  expect(answer.failed).toMatchObject([{ key: '3000000000', error: { kind: 'rejected' } }]);
});

test('a server in trouble says nothing of an id above 32 bits', async () => {
  const asked = get(['3000000000'], { result: [] }, { status: 503 });
  await expect(asked).rejects.toMatchObject({ kind: 'transient' });
});
