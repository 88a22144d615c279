import { expect, test } from 'vitest';
import { tryton } from '../../../../functions/adapters/erp/tryton/tryton.ts';
import type { RecordSystem } from '../../../../functions/ports/record-system.ts';
import { type Scripted, scriptedTryton } from './scripted-tryton.ts';

const minuteMs = 60_000;
const rights = { read: true, write: true, create: true, delete: true };
const whatThereIs: Record<string, readonly Scripted[]> = {
  'model.party.address.fields_get': [{ result: {} }],
  'model.ir.model.access.get_access': [{ result: { 'project.work': rights } }],
  'model.party.party.search_read': [{ result: [] }],
  'model.project.work.search_read': [{ result: [] }],
};
const lists = ['model.party.party.search_read', 'model.project.work.search_read'];
const learning = ['model.party.address.fields_get', 'model.ir.model.access.get_access'];

function polled(script: Record<string, readonly Scripted[]> = {}) {
  const clock = { nowMs: Date.UTC(2026, 10, 23, 10) };
  const runtime = {
    nowMs: () => clock.nowMs,
    now: () => '',
    newId: () => 'id',
    random: () => 0.5,
    sleep: async () => undefined,
  };
  const http = scriptedTryton({ ...whatThereIs, ...script });
  const config = { database: 'e', user: 'x' };
  const system: RecordSystem = tryton({ http, runtime, url: 'https://e.example', config, password: 'y' });
  return {
    /** The calls of one poll a minute later: what a worker asks of a system it opens, and the changes of each table. */
    async poll() {
      clock.nowMs += minuteMs;
      const before = http.methods.length;
      await system.capabilities();
      for (const table of ['party.party', 'project.work']) {
        const cursor = JSON.stringify({ sinceMs: 0, afterId: 0 });
        await system.listChanges({ table, fieldsByType: {}, cursor }).catch(() => undefined);
      }
      return http.methods.slice(before);
    },
  };
}

test('the first poll signs in and learns what there is, the others of an hour make their list calls and no other', async () => {
  const { poll } = polled();
  expect(await poll()).toEqual(['common.db.login', ...learning, ...lists]);
  for (let minute = 2; minute <= 60; minute += 1) expect(await poll()).toEqual(lists);
  expect(await poll()).toEqual([...learning, ...lists]);
});

test.each([
  ['a field that is not there any more', "'invoice'"],
  ['a table that may not be read any more', ['UserError', ['You are not allowed to access "Party".', '', null]]],
])('%s: what there is is learnt anew at once', async (_what, refusal) => {
  const error = Array.isArray(refusal) ? refusal : [refusal, ''];
  const { poll } = polled({ [lists[0] ?? '']: [{ result: [] }, { error }, { result: [] }] });
  await poll();
  expect(await poll()).toContain(lists[0]);
  const third = await poll();
  expect(third).toEqual([...learning, ...lists]);
  expect(await poll()).toEqual(lists);
});

test('a Tryton without projects is not asked for them at each poll', async () => {
  const { poll } = polled({ 'model.ir.model.access.get_access': [{ error: ["'project.work'", ''] }] });
  await poll();
  expect(await poll()).toEqual(lists);
});
