import { expect, test } from 'vitest';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };

function asking(keys: readonly string[], answers: readonly Scripted[]) {
  const http = scriptedTryton({ 'model.project.work.search': answers });
  const config = { database: 'e', user: 'x' };
  const system = tryton({ http, runtime, url: 'https://e.example', config, password: 'y' });
  return { http, answer: system.whichExist('project', keys) };
}

test('ids alone are asked for, and those that an answer left out again until one has none of them', async () => {
  const { http, answer } = asking(['1', '2', '3', '4'], [{ result: [1] }, { result: [3, 4] }, { result: [] }]);
  expect(await answer).toEqual({ found: ['1', '3', '4'], notFound: ['2'], unanswered: [] });
  const domains = http.params.map(([domain]) => domain);
  expect(domains).toEqual([[['id', 'in', [1, 2, 3, 4]]], [['id', 'in', [2, 3, 4]]], [['id', 'in', [2]]]]);
});

test('a key that no record can have, and an id that the database cannot search for, are not answered', async () => {
  const large = '9007199254740000';
  const odd: Scripted = { error: ['integer out of range', 'Traceback'] };
  const { answer } = asking(['x', '5', large], [{ result: [5] }, odd]);
  expect(await answer).toEqual({ found: ['5'], notFound: [], unanswered: ['x', large] });
});

test('a failure of the server says nothing of any record', async () => {
  const { answer } = asking(['1', '2'], [{ result: [1] }, { status: 503 }]);
  await expect(answer).rejects.toMatchObject({ kind: 'transient' });
});
