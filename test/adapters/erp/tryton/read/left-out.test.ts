import { expect, test } from 'vitest';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };
const work = (id: number) => ({
  ...{ id, _write: 1, _timestamp: '1', last_modified_at: '2026-11-23T11:00:00.000Z', write_uid: 1, create_uid: 1 },
  ...{ name: `Work ${id}`, number: null, comment: null },
});

function get(keys: readonly string[], found: readonly object[], reads: readonly Scripted[]) {
  const http = scriptedTryton({
    'model.project.work.search_read': [{ result: found }],
    'model.project.work.read': reads,
  });
  const system = tryton({
    http,
    runtime,
    url: 'https://e.example',
    config: { database: 'e', user: 'x' },
    password: 'y',
  });
  return system.get('project', keys, ['NAME']);
}

const gone = (ids: string): Scripted => ({
  error: ['UserError', [`Je leest "${ids}" van "Werk"; die bestaan niet.`, '', null]],
});
const hidden = (ids: string): Scripted => ({
  error: [
    'UserError',
    [`You may not read "${ids}" of "Work" because of these rules:\nRule 7`, 'Within groups: Sales', null],
  ],
});

test('a key that a capped answer left out is read by itself', async () => {
  const { records, missing, failed } = await get(['1', '2'], [work(1)], [{ result: [work(2)] }]);
  expect(records.map(({ key }) => key)).toEqual(['1', '2']);
  expect({ missing, failed }).toEqual({ missing: [], failed: [] });
});

test('what a rule hides is forbidden, what is gone is missing, in any language', async () => {
  const reads = [gone('5, 6'), hidden('7'), { result: [work(8)] }];
  const { records, missing, failed } = await get(['5', '6', '7', '8'], [], reads);
  expect(missing).toEqual(['5', '6']);
  expect(failed).toMatchObject([{ key: '7', error: { kind: 'forbidden' } }]);
  expect(records.map(({ key }) => key)).toEqual(['8']);
});

test('where the message names no record they are told apart by halves', async () => {
  const unnamed: Scripted = { error: ['UserError', ['Not these.', 'Within groups: Sales', null]] };
  const { records, failed } = await get(['5', '6'], [], [unnamed, { result: [work(5)] }, unnamed]);
  expect(records.map(({ key }) => key)).toEqual(['5']);
  expect(failed).toMatchObject([{ key: '6', error: { kind: 'forbidden' } }]);
});

test('a failure of the server is no answer about any record', async () => {
  await expect(get(['5'], [], [{ status: 503 }])).rejects.toMatchObject({ kind: 'transient' });
});
