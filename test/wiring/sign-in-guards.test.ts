/** Several functions of one stage, each with instances of its own, before a Tryton that counts the sign-ins it gets. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { failuresStore } from '../../functions/adapters/aws/dynamodb/links/failures.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { signInsStore } from '../../functions/adapters/aws/dynamodb/set-up/sign-ins.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { SyncError } from '../../functions/core/errors.ts';
import type { Connection } from '../../functions/core/model/connection.ts';
import type { HttpAnswer } from '../../functions/ports/http.ts';
import type { RecordSystem } from '../../functions/ports/record-system.ts';
import type { Table } from '../../functions/ports/table.ts';
import { recordSystems } from '../../functions/wiring/record-systems.ts';
import { signInGuards } from '../../functions/wiring/sign-in-guards.ts';

const minuteMs = 60_000;
const url = 'https://erp.example.com';
const config = { database: 'erp', user: 'sync' };
const connection: Connection = {
  tenantId: 'T1',
  id: 'C1',
  connectorId: 'K1',
  connectorKind: 'tryton',
  connectorUrl: url,
  name: 'ERP',
  state: 'active',
  config,
  secretsSet: ['password'],
  secretVersion: 'v1',
  place: 0,
  intervalMinutes: 15,
  activatedBefore: true,
  revision: 1,
  createdAt: '2026-11-20T10:00:00.000Z',
};

type Answer = 'accepts' | 'refuses' | 'locks' | 'is silent' | 'says nothing yet';

function office() {
  const state = {
    nowMs: Date.UTC(2026, 10, 23, 8),
    answers: 'refuses' as Answer,
    passwords: [] as string[],
    written: [] as string[],
    /** Sign-ins under way, and how many they were at most. */
    open: 0,
    mostOpen: 0,
    /** Calls of a session that was ended by the system. */
    endedKeys: new Set<string>(),
    /** The next who takes a turn waits for this before it is stored. */
    turnsHeld: undefined as Promise<unknown> | undefined,
    ids: 0,
  };
  const runtime = {
    nowMs: () => state.nowMs,
    now: () => new Date(state.nowMs).toISOString(),
    newId() {
      state.ids += 1;
      return String(state.ids);
    },
    random: () => 0,
    sleep: async () => nextTurn(),
  };
  const inner = memoryTable();
  const table: Table = {
    ...inner,
    async transact(writes, token) {
      if (JSON.stringify(writes).includes('sign-in-turn')) {
        const held = state.turnsHeld;
        state.turnsHeld = undefined;
        await held;
      }
      return inner.transact(writes, token);
    },
    write(write) {
      state.written.push(JSON.stringify(write));
      return inner.write(write);
    },
  };
  const failures = failuresStore({ table });
  const answerOf = (status: number, result?: unknown): HttpAnswer => ({
    status,
    headers: {},
    text: result === undefined ? '<html>' : JSON.stringify({ id: 1, result }),
  });
  const http = {
    async send({
      body = '',
      headers,
    }: {
      body?: string | undefined;
      headers?: Readonly<Record<string, string>> | undefined;
    }) {
      const { method, params } = JSON.parse(body);
      if (method !== 'common.db.login') {
        const hasEnded = state.endedKeys.has(headers?.authorization ?? '');
        return answerOf(hasEnded ? 401 : 200, method.endsWith('search_read') ? [] : {});
      }
      state.passwords.push(params[1].password);
      state.open += 1;
      state.mostOpen = Math.max(state.mostOpen, state.open);
      for (let turns = 0; turns < 3; turns += 1) await nextTurn();
      if (state.answers === 'says nothing yet') return new Promise<never>(() => undefined);
      state.open -= 1;
      if (state.answers === 'is silent') throw new SyncError('unknown-outcome', 'No answer.');
      if (state.answers === 'locks') return answerOf(429);
      return state.answers === 'accepts' ? answerOf(200, [1, 'key']) : answerOf(401);
    },
  };
  /** One instance of a function. */
  const instance = () => {
    const guards = signInGuards({
      signIns: signInsStore({ table }),
      failures,
      connections: connectionsStore({ table }),
      runtime,
      signingKey: async () => 'signing key',
    });
    return recordSystems({ http, runtime, vault: { read: async () => ({ password: 'stored' }) }, guards });
  };
  const use = async (system: Promise<RecordSystem>): Promise<string> => {
    try {
      await (await system).capabilities();
      return 'ok';
    } catch (error) {
      return error instanceof SyncError ? `${error.kind}: ${error.message}` : 'defect';
    }
  };
  return {
    state,
    failures: async () => (await failures.list('T1', {}, { limit: 10 })).items,
    workers: (count: number) => Promise.all(Array.from({ length: count }, () => instance().erp(connection))),
    /** A worker that is never heard of again once it has sent its sign-in. */
    async dieSigningIn() {
      const { open } = state;
      state.answers = 'says nothing yet';
      void use(instance().erp(connection));
      while (state.open === open) await nextTurn();
      for (let turns = 0; turns < 3; turns += 1) await nextTurn();
      state.answers = 'accepts';
    },
    work: async (of = connection) => use(instance().erp(of)),
    test: (password: string, secretVersion?: string) => {
      const signer = { tenantId: 'T1', connectionId: 'C1', secretVersion };
      return use(instance().candidateErp('tryton', url, { ...config, password }, signer));
    },
  };
}

const refusedLately = expect.stringMatching(/^throttled: This password was refused in the last ten minutes/);
const paused = expect.stringMatching(/^throttled: Sign-in is paused until 2026-11-23T08:\d\d:00.000Z/);

test('a password that one worker was refused with is tried by no other, until it is another version', async () => {
  const { state, work } = office();
  expect(await work()).toMatch(/^unauthorised/);
  state.nowMs += 24 * 60 * minuteMs;
  expect(await work()).toMatch(/^unauthorised/);
  expect(state.passwords).toEqual(['stored']);
  state.answers = 'accepts';
  expect(await work({ ...connection, secretVersion: 'v2' })).toBe('ok');
});

test('a person may try a refused password again, once in ten minutes, and then the workers sign in again', async () => {
  const { state, work, test: tested } = office();
  await work();
  expect(await tested('stored', 'v1')).toMatch(/^unauthorised/);
  expect(await tested('stored', 'v1')).toEqual(refusedLately);
  state.answers = 'accepts';
  state.nowMs += 10 * minuteMs;
  expect(await tested('stored', 'v1')).toBe('ok');
  expect(await work()).toBe('ok');
  expect(state.passwords).toHaveLength(4);
});

test('a refused password that is not stored is known again without being kept, and another one is tried at once', async () => {
  const { state, test: tested } = office();
  expect(await tested('wrong')).toMatch(/^unauthorised/);
  expect(await tested('wrong')).toEqual(refusedLately);
  expect(await tested('also wrong')).toMatch(/^unauthorised/);
  expect(state.passwords).toEqual(['wrong', 'also wrong']);
  expect(state.written).not.toEqual([]);
  expect(state.written.join('')).not.toContain('wrong');
});

test('a user that is locked out is left alone for ten minutes by everyone, and the connection says until when', async () => {
  const { state, work, failures, test: tested } = office();
  state.answers = 'locks';
  expect(await work()).toEqual(paused);
  state.nowMs += 9 * minuteMs;
  expect(await work()).toEqual(paused);
  expect(await tested('right')).toEqual(paused);
  expect(state.passwords).toHaveLength(1);
  expect(await failures()).toMatchObject([
    { connectionId: 'C1', kind: 'throttled', reason: 'sign-in-paused', nextAttemptAt: '2026-11-23T08:10:00.000Z' },
  ]);
  state.nowMs += minuteMs;
  state.answers = 'accepts';
  expect(await work()).toBe('ok');
  expect(await failures()).toEqual([]);
});

test('a right password that gets no answer soon after refused ones is told to be paused, not without an answer', async () => {
  const { state, test: tested } = office();
  await tested('wrong');
  state.answers = 'is silent';
  expect(await tested('right')).toEqual(paused);
  state.answers = 'accepts';
  expect(await tested('right')).toEqual(paused);
  state.nowMs += 10 * minuteMs;
  expect(await tested('right')).toBe('ok');
});

test('a sign-in without an answer and without refusals is just tried again', async () => {
  const { state, work } = office();
  state.answers = 'is silent';
  expect(await work()).toMatch(/^transient/);
  state.answers = 'accepts';
  expect(await work()).toBe('ok');
});

test('a user of whom four secrets were refused one soon after the other is left alone for ten minutes', async () => {
  const { state, failures, test: tested } = office();
  for (let at = 1; at <= 4; at += 1) expect(await tested(`wrong ${at}`)).toMatch(/^unauthorised/);
  expect(await tested('wrong 5')).toEqual(paused);
  expect(state.passwords).toHaveLength(4);
  expect(await failures()).toMatchObject([{ reason: 'sign-in-paused', nextAttemptAt: '2026-11-23T08:10:00.000Z' }]);
  state.nowMs += 10 * minuteMs;
  for (let at = 6; at <= 8; at += 1) expect(await tested(`wrong ${at}`)).toMatch(/^unauthorised/);
  state.answers = 'accepts';
  expect(await tested('right')).toBe('ok');
  expect(await failures()).toEqual([]);
});

/** Twenty at once, or so many. */
const atOnce = <T>(act: (at: number) => Promise<T>, count = 20) =>
  Promise.all(Array.from({ length: count }, (_, at) => act(at)));

test('of twenty workers that come at once with a password that is refused one tries it', async () => {
  const { state, work } = office();
  for (const answer of await atOnce(() => work())) expect(answer).toMatch(/^unauthorised/);
  expect(state.passwords).toHaveLength(1);
});

test('of thirty tests at once of one refused password one tries it, and of thirty passwords four', async () => {
  const one = office();
  await atOnce(() => one.test('wrong'), 30);
  expect(one.state.passwords).toHaveLength(1);
  const many = office();
  await atOnce((at) => many.test(`wrong ${at}`), 30);
  expect(many.state.passwords).toHaveLength(4);
});

test('twenty workers with a good password wait for the first sign-in only, and for none where it was just proven', async () => {
  const { state, work } = office();
  state.answers = 'accepts';
  for (const answer of await atOnce(() => work())) expect(answer).toBe('ok');
  expect(state.passwords).toHaveLength(20);
  expect(state.mostOpen).toBe(19);
  state.mostOpen = 0;
  await atOnce(() => work());
  expect(state.mostOpen).toBe(20);
});

test('a password that was good an hour ago is tried by one of twenty workers when it is refused', async () => {
  const { state, work } = office();
  state.answers = 'accepts';
  await work();
  state.nowMs += 60 * minuteMs;
  state.answers = 'refuses';
  await atOnce(() => work());
  expect(state.passwords).toHaveLength(2);
});

test('workers whose tickets end all at once, for the password was changed, try it once together', async () => {
  const { state, workers } = office();
  state.answers = 'accepts';
  const systems = await workers(10);
  await Promise.all(systems.map((system) => system.listItems('country')));
  expect(state.passwords).toHaveLength(10);
  state.nowMs += 1000;
  state.answers = 'refuses';
  state.endedKeys.add(`Session ${Buffer.from('sync:1:key').toString('base64')}`);
  const answers = await Promise.allSettled(systems.map((system) => system.listItems('country')));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'rejected'));
  expect(state.passwords).toHaveLength(11);
});

test('a worker whose turn comes just after a refusal that it had not read of tries nothing', async () => {
  const { state, work } = office();
  const gate = Promise.withResolvers<void>();
  state.turnsHeld = gate.promise;
  const late = work();
  while (state.turnsHeld) await nextTurn();
  await work();
  gate.resolve();
  expect(await late).toMatch(/^unauthorised/);
  expect(state.passwords).toHaveLength(1);
});

test('the turn of a worker that died signing in is over within half a minute; until then the others wait', async () => {
  const { state, work, dieSigningIn } = office();
  state.answers = 'accepts';
  await dieSigningIn();
  expect(await work()).toMatch(/^throttled: Another sign-in of this user is under way/);
  state.nowMs += minuteMs / 2;
  expect(await work()).toBe('ok');
});
