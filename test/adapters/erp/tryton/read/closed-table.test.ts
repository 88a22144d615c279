import { expect, test } from 'vitest';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };
const closed: Scripted = { error: ['UserError', ['You are not allowed to access "Work".', '', null]] };

const work = {
  ...{ id: 1, _write: 1, _timestamp: '1', last_modified_at: '2026-11-23T11:00:00.000Z', write_uid: 1, create_uid: 1 },
  ...{ name: 'A', number: null, comment: null },
};

function connected(answers: readonly Scripted[]) {
  const http = scriptedTryton({
    'model.project.work.search_read': answers,
    'model.project.work.search': [{ result: [] }],
  });
  const config = { database: 'e', user: 'x' };
  return tryton({ http, runtime, url: 'https://e.example', config, password: 'y' });
}

const list = {
  table: 'project.work',
  fieldsByType: { project: ['NAME'] },
  cursor: JSON.stringify({ sinceMs: 0, afterId: 0 }),
};

test('a list or a read that is refused only while a rule is switched on is answered', async () => {
  const system = connected([closed, { result: [work] }, closed, { result: [work] }]);
  expect(await system.listChanges(list)).toMatchObject({ records: [{ key: '1' }], complete: true });
  expect(await system.get('project', ['1'], ['NAME'])).toMatchObject({ records: [{ key: '1' }], failed: [] });
});

test('a table that our user may no longer read concerns its own record types, and no other', async () => {
  const system = connected([closed]);
  const words = { explanation: 'You are not allowed to access "Work".' };
  await expect(system.listChanges(list)).rejects.toMatchObject({ kind: 'forbidden', ...words });
  await expect(system.get('project', ['1'], ['NAME'])).rejects.toMatchObject({ kind: 'forbidden', ...words });
  const search = system.search({ type: 'project', text: '', fields: ['NAME'], limit: 9 });
  await expect(search).rejects.toMatchObject({ kind: 'misconfigured', recordType: 'project', ...words });
});
