import { expect, test } from 'vitest';
import { versionOf } from '../../../../../functions/adapters/erp/tryton/read/version.ts';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };
const refused: Scripted = { error: ['UserError', ['You are not allowed to modify "Work".', 'Rule', null]] };
const work = {
  ...{ id: 1, _write: 1, _timestamp: '1', last_modified_at: '2026-11-23T11:00:00.000Z', write_uid: 1, create_uid: 1 },
  ...{ name: 'Old', number: null, comment: null },
};

/** What becomes of a write that is answered so, and how often it was sent. */
async function writeAnswered(...answers: Scripted[]) {
  const http = scriptedTryton({
    'model.project.work.search_read': [{ result: [work] }],
    'model.project.work.write': answers,
  });
  const system = tryton({
    ...{ http, runtime, url: 'https://e.example', password: 'y' },
    config: { database: 'e', user: 'x' },
  });
  const row = { model: 'project.work', id: 1, mayWrite: true, timestamp: '1', modifiedAtMs: 0, writerId: 1 };
  const write = { key: '1', values: { NAME: 'New' }, replaces: { NAME: 'Old' }, version: versionOf([row]) };
  const [answer] = await system.update('project', [write], ['NAME']);
  return { answer, sent: http.methods.filter((method) => method.endsWith('.write')).length };
}

test('a write that is refused only while a rule is switched on is made', async () => {
  expect(await writeAnswered(refused, { result: null })).toMatchObject({ answer: { outcome: 'ok' }, sent: 2 });
});

test('a write that is refused twice is refused, and sent no more', async () => {
  expect(await writeAnswered(refused)).toMatchObject({ answer: { outcome: 'rejected', field: 'NAME' }, sent: 2 });
});
