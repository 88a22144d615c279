import { expect, test } from 'vitest';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const hour = 60 * minute;

const work = (id: number) => ({
  ...{ id, _write: true, _timestamp: '1', last_modified_at: null, write_uid: 1, create_uid: 1 },
  ...{ name: 'A', number: null, comment: null },
});

interface Poll {
  readonly own: number;
  readonly server: number;
  /** How often it asks. */
  readonly calls?: number;
  /** What the first answer says in its place. */
  readonly odd?: number;
}

/** Polls at given times of ours, with the server's clock at others; the instants that were asked from. */
async function poll(polls: readonly Poll[]) {
  let ownMs = 0;
  const answers = polls.flatMap(({ server, odd = server, calls = 1 }): Scripted[] =>
    Array.from({ length: calls }, (_, at) => ({ result: [], date: new Date(at === 0 ? odd : server).toUTCString() })),
  );
  const http = scriptedTryton({ 'model.project.work.search_read': answers });
  const runtime = {
    nowMs: () => ownMs,
    now: () => '',
    newId: () => 'id',
    random: () => 0.5,
    sleep: async () => undefined,
  };
  const system = tryton({
    http,
    runtime,
    url: 'https://e.example',
    config: { database: 'e', user: 'x' },
    password: 'y',
  });
  let cursor: string | undefined;
  for (const { own } of polls) {
    ownMs = own;
    const request = { table: 'project.work', fieldsByType: { project: ['NAME'] } };
    if (cursor === undefined) cursor = await system.start('project.work');
    else ({ cursor } = await system.listChanges({ ...request, cursor }));
  }
  return http.params.map((params) => sinceMinutes(params));
}

/** The instant in the domain of a search, in minutes from noon. */
function sinceMinutes([domain]: unknown[]): number | undefined {
  const match = /"hour":(\d+),"minute":(\d+)/.exec(JSON.stringify(domain));
  const day = /"day":(\d+)/.exec(JSON.stringify(domain));
  if (!match || !day) return undefined;
  return (Number(day[1]) - 23) * 1440 + (Number(match[1]) - 12) * 60 + Number(match[2]);
}

test('a list starts where the last one began by the clock of the server, less the overlap', async () => {
  const asked = await poll([
    { own: noon, server: noon + hour },
    { own: noon + 10 * minute, server: noon + hour + 10 * minute },
    { own: noon + 20 * minute, server: noon + hour + 20 * minute },
  ]);
  expect(asked).toEqual([undefined, 58, 68]);
});

test('a cursor skips no edit when the clock of the server is put right', async () => {
  const asked = await poll([
    { own: noon, server: noon + hour },
    { own: noon + 10 * minute, server: noon + 10 * minute, calls: 2 },
    { own: noon + 20 * minute, server: noon + 20 * minute },
  ]);
  // The list is made again from an hour earlier, and the next one follows the clock as it is now.
  expect(asked).toEqual([undefined, 58, -2, 8]);
});

test('a step back of more than a day lists nothing and moves nothing', async () => {
  const step = poll([
    { own: noon, server: noon + 25 * hour },
    { own: noon + minute, server: noon + minute },
  ]);
  await expect(step).rejects.toMatchObject({
    kind: 'transient',
    listTrouble: 'clock-stepped-back',
    explanation: expect.stringContaining('24 hours'),
  });
});

test('one answer that is days ahead moves the list no further than the clock of the next', async () => {
  const asked = await poll([
    { own: noon, server: noon },
    { own: noon + minute, server: noon + minute, odd: noon + 72 * hour, calls: 2 },
    { own: noon + 2 * minute, server: noon + 2 * minute },
  ]);
  expect(asked.slice(1)).toEqual([-2, -2, -1]);
});

test('a cursor without clocks, as an earlier release stored it, goes on', async () => {
  const http = scriptedTryton({ 'model.project.work.search_read': [{ result: [] }] });
  const runtime = {
    nowMs: () => noon,
    now: () => '',
    newId: () => 'id',
    random: () => 0.5,
    sleep: async () => undefined,
  };
  const system = tryton({
    http,
    runtime,
    url: 'https://e.example',
    config: { database: 'e', user: 'x' },
    password: 'y',
  });
  const cursor = JSON.stringify({ sinceMs: noon, afterId: 0 });
  const page = await system.listChanges({ table: 'project.work', fieldsByType: {}, cursor });
  expect(page).toMatchObject({ records: [], complete: true });
});

test('a page that the server cut short is not taken for the last one', async () => {
  const stamped = { ...work(3), last_modified_at: '2026-11-23T11:00:00.000Z' };
  const http = scriptedTryton({
    'model.project.work.search_read': [{ result: [stamped] }, { result: [{ ...stamped, id: 4 }] }, { result: [] }],
    'model.project.work.search': [{ result: [4] }, { result: [] }],
  });
  const runtime = {
    nowMs: () => noon,
    now: () => '',
    newId: () => 'id',
    random: () => 0.5,
    sleep: async () => undefined,
  };
  const system = tryton({
    http,
    runtime,
    url: 'https://e.example',
    config: { database: 'e', user: 'x' },
    password: 'y',
  });
  const request = { table: 'project.work', fieldsByType: { project: ['NAME'] } };
  const first = await system.listChanges({ ...request, cursor: JSON.stringify({ sinceMs: noon, afterId: 0 }) });
  expect(first.complete).toBe(false);
  const second = await system.listChanges({ ...request, cursor: first.cursor });
  expect([...first.records, ...second.records].map(({ key }) => key)).toEqual(['3', '4']);
  expect(second.complete).toBe(true);
});
