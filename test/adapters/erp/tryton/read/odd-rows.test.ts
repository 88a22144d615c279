/** A row that cannot be made out, as an import past Tryton or a module of its own leaves it, is one record's trouble. */
import { expect, test } from 'vitest';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };
const work = (id: number) => ({
  ...{ id, _write: 1, _timestamp: '1', last_modified_at: '2026-11-23T11:00:00.000Z', write_uid: 1, create_uid: 1 },
  ...{ name: `Work ${id}`, number: null, comment: null },
});
/** Neither made nor saved by Tryton. */
const odd = (id: number) => ({ ...work(id), name: 'Ann', _timestamp: null, last_modified_at: null });

function on(script: Readonly<Record<string, readonly Scripted[]>>) {
  const config = { database: 'e', user: 'x' };
  return tryton({ http: scriptedTryton(script), runtime, url: 'https://e.example', config, password: 'y' });
}

const found = (...rows: readonly object[]) => ({ 'model.project.work.search_read': [{ result: rows }] });
const fails = { kind: 'defect', explanation: expect.stringContaining('"_timestamp" has another form') };

test('its neighbours are read, and it fails alone with what is odd and nothing that stands there', async () => {
  const { records, missing, failed } = await on(found(work(1), odd(2), work(3))).get(
    'project',
    ['1', '2', '3'],
    ['NAME'],
  );
  expect(records.map(({ key }) => key)).toEqual(['1', '3']);
  expect(missing).toEqual([]);
  expect(failed).toMatchObject([{ key: '2', error: fails }]);
  expect(failed[0]?.error.explanation).not.toContain('Ann');
});

test('one that a capped answer left out fails alone too', async () => {
  const script = { ...found(work(1)), 'model.project.work.read': [{ result: [odd(2), work(3)] }] };
  const { records, missing, failed } = await on(script).get('project', ['1', '2', '3'], ['NAME']);
  expect(records.map(({ key }) => key)).toEqual(['1', '3']);
  expect(missing).toEqual([]);
  expect(failed).toMatchObject([{ key: '2', error: fails }]);
});

test('a list shows it without its values, and goes on behind it', async () => {
  const system = on({ ...found(work(1), odd(2)), 'model.project.work.search': [{ result: [3] }] });
  const cursor = JSON.stringify({ sinceMs: 0, afterId: 0 });
  const page = await system.listChanges({ table: 'project.work', fieldsByType: { project: ['NAME'] }, cursor });
  expect(page.records).toMatchObject([
    { key: '1', values: { NAME: 'Work 1' } },
    { key: '2', values: { NAME: null } },
  ]);
  expect(JSON.parse(page.cursor)).toMatchObject({ afterId: 2 });
});

test('a write of it fails alone', async () => {
  const system = on(found(odd(2)));
  const write = { key: '2', version: 'v', values: { NAME: 'B' }, replaces: { NAME: 'Ann' } };
  expect(await system.update('project', [write], ['NAME'])).toMatchObject([{ outcome: 'failed', error: fails }]);
});

test('where no row is as expected the server is at fault, told plainly', async () => {
  const asked = on(found(odd(1), odd(2))).get('project', ['1', '2'], ['NAME']);
  await expect(asked).rejects.toMatchObject({ ...fails, kind: 'misconfigured' });
});

test('a row without a yes or no counts as no', async () => {
  const [record] = (await on(found({ ...work(1), _write: null })).get('project', ['1'], ['NAME'])).records;
  expect(record?.key).toBe('1');
});
