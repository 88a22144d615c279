import { expect, test } from 'vitest';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };
const closed: Scripted = { error: ['UserError', ['You are not allowed to access "Work".', '', null]] };

test('a table that our user may no longer read concerns its own record types, and no other', async () => {
  const http = scriptedTryton({ 'model.project.work.search_read': [closed] });
  const config = { database: 'e', user: 'x' };
  const system = tryton({ http, runtime, url: 'https://e.example', config, password: 'y' });
  const words = { explanation: 'You are not allowed to access "Work".' };
  const cursor = JSON.stringify({ sinceMs: 0, afterId: 0 });
  const list = { table: 'project.work', fieldsByType: { project: ['NAME'] }, cursor };
  await expect(system.listChanges(list)).rejects.toMatchObject({ kind: 'forbidden', ...words });
  await expect(system.get('project', ['1'], ['NAME'])).rejects.toMatchObject({ kind: 'forbidden', ...words });
  const search = system.search({ type: 'project', text: '', fields: ['NAME'], limit: 9 });
  await expect(search).rejects.toMatchObject({ kind: 'misconfigured', recordType: 'project', ...words });
});
