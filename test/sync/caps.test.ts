/** What one tenant has in hand at once: no backlog of its own, and no slow system, takes the workers that others wait for. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { interactiveBeyond, messagesInHand } from '../../functions/core/timing/caps.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, type QueuedMessage, tenantId, type World } from '../property/world.ts';
import { atRest, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;

/** Lets everything that waits for nothing but its turn go on. */
async function settle(): Promise<void> {
  for (let times = 0; times < 60; times += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Workers without number, and an ERP whose reads wait until they are let through. */
class Pool {
  readonly world: World;
  readonly reading: ((refusal?: SyncError) => void)[] = [];
  mostReading = 0;
  handled = 0;
  private working = 0;

  private constructor(world: World) {
    this.world = world;
  }

  static async of(links: number): Promise<Pool> {
    let pool: Pool | undefined;
    const world = await atRest({ fields, links, gate: async (what) => pool?.gate(what) });
    pool = new Pool(world);
    return pool;
  }

  private async gate(what: string): Promise<void> {
    if (what !== 'erp.get.sent') return;
    const answer = new Promise<SyncError | undefined>((resolve) => this.reading.push(resolve));
    this.mostReading = Math.max(this.mostReading, this.reading.length);
    const refusal = await answer;
    if (refusal) throw refusal;
  }

  /** A message for each link. */
  async ask(links: readonly number[], by: 'upkeep' | 'user' = 'upkeep'): Promise<void> {
    for (const at of links) {
      const linkIds = [this.world.linkId(at)];
      const scope = { kind: 'links', linkIds } as const;
      await startRun(this.world.quiet, { tenantId, connectionId, kind: 'sync', scope, linkIds, trigger: { by } });
    }
  }

  /** Every message that is ready goes to a worker of its own. */
  async handOut(): Promise<void> {
    for (const queued of this.world.ready()) {
      this.world.acknowledge(queued);
      this.working += 1;
      void this.handle(queued);
    }
    await settle();
  }

  private async handle(queued: QueuedMessage): Promise<void> {
    // What is thrown leaves the message to another delivery, which no test waits for.
    await this.world.handle(queued, this.world.quiet).catch(() => undefined);
    this.working -= 1;
    this.handled += 1;
  }

  letOneThrough(refusal?: SyncError): void {
    this.reading.shift()?.(refusal);
  }

  async workOff(): Promise<void> {
    for (let step = 0; this.world.messages.length > 0 || this.working > 0; step += 1) {
      if (step > 5_000) throw new Error('the queue does not run dry');
      await this.handOut();
      this.letOneThrough();
      await settle();
      const next = Math.min(...this.world.messages.map(({ readyAtMs }) => readyAtMs));
      if (Number.isFinite(next)) this.world.nowMs = Math.max(this.world.nowMs + 500, next);
    }
  }
}

const all = (count: number) => Array.from({ length: count }, (_, at) => at);

test('of forty messages of a connection no more are in hand than its cap, all are done in the end, and none shows a failure', async () => {
  const pool = await Pool.of(40);
  const { world } = pool;
  for (const at of all(40)) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  await pool.ask(all(40));
  await pool.workOff();
  expect(pool.mostReading).toBe(messagesInHand.connection);
  expect(all(40).map((at) => world.erp.valuesOf('party', `e${at}`).NAME)).toEqual(all(40).map((at) => `new${at}`));
  expect(await failuresOf(world)).toEqual([]);
  const runs = (await world.runs()).slice(0, 40);
  expect(new Set(runs.map(({ state, counters }) => `${state} ${counters.failed}`))).toEqual(new Set(['done 0']));
});

test("what is put off keeps its attempt, and the messages of others are handled beside another tenant's backlog", async () => {
  const pool = await Pool.of(8);
  const { world } = pool;
  await pool.ask(all(8));
  await pool.handOut();
  const waiting = world.messages.map(({ message }) => message);
  expect(waiting).toHaveLength(8 - messagesInHand.connection);
  expect(waiting.map(({ attempt, putOff }) => ({ attempt, putOff }))).toEqual(
    waiting.map(() => ({ attempt: 1, putOff: { times: 1, receives: 0 } })),
  );
  const counted = world.quiet.telemetry.told.filter(({ event }) => event === 'MessagesPutOff');
  expect(counted.map(({ ids }) => ids)).toEqual(waiting.map(() => ({ lane: 'normal' })));
  const [first] = waiting;
  if (!first) throw new Error('something is put off');
  world.messages.push({ message: { ...first, tenantId: 'another' }, readyAtMs: world.nowMs, receives: 0 });
  const before = pool.handled;
  await pool.handOut();
  expect(pool.handled).toBe(before + 1);
  expect(world.messages.map(({ message }) => message.tenantId)).not.toContain('another');
  await pool.workOff();
});

test('what a person waits for starts beside a backlog in hand', async () => {
  const pool = await Pool.of(12);
  await pool.ask(all(8));
  await pool.handOut();
  await pool.ask([8, 9, 10], 'user');
  await pool.handOut();
  expect(pool.reading).toHaveLength(messagesInHand.connection + interactiveBeyond);
  await pool.workOff();
});

test('a message of a person that was put off three times leaves no turn at its chunk', async () => {
  const most = messagesInHand.connection + interactiveBeyond;
  const pool = await Pool.of(most + 1);
  const { world } = pool;
  await pool.ask(all(most), 'user');
  await pool.handOut();
  await pool.ask([most], 'user');
  for (let times = 1; times <= 3; times += 1) {
    await pool.handOut();
    const [waiting] = world.messages;
    expect(waiting?.message.putOff?.times).toBe(times);
    world.nowMs = waiting?.readyAtMs ?? 0;
  }
  const [last] = world.messages;
  if (last?.message.kind !== 'look') throw new Error('one is put off');
  const turn = await world.quiet.runs.beginTurn(last.message, 'another');
  expect(turn).toMatchObject({ alone: true, turns: 4 });
  if (turn) await world.quiet.runs.giveTurnBack(turn);
  await pool.workOff();
  expect((await world.runs())[0]).toMatchObject({ state: 'done', open: 0, counters: { lookedAt: 1 } });
});

test('a delay grows with each time that a message is put off', async () => {
  const pool = await Pool.of(5);
  const { world } = pool;
  await pool.ask(all(5));
  await pool.handOut();
  const delays: number[] = [];
  for (let times = 0; times < 6; times += 1) {
    const [last] = world.messages;
    if (!last) throw new Error('one is put off');
    delays.push((last.readyAtMs - world.nowMs) / 1000);
    world.nowMs = last.readyAtMs;
    await pool.handOut();
  }
  expect(delays).toEqual([1, 2, 4, 8, 16, 32]);
  await pool.workOff();
});

test('a place is free as soon as its message is done, and a message that fails leaves too', async () => {
  const pool = await Pool.of(8);
  await pool.ask(all(4));
  await pool.handOut();
  pool.letOneThrough();
  pool.letOneThrough(new SyncError('defect', 'Broken.'));
  await settle();
  expect(pool.reading).toHaveLength(2);
  await pool.ask([4, 5, 6, 7]);
  await pool.handOut();
  expect(pool.reading).toHaveLength(4);
  await pool.workOff();
});

test('a worker that dies gives its place back when its lease has run out', async () => {
  const pool = await Pool.of(5);
  const { world } = pool;
  await pool.ask(all(4));
  await pool.handOut();
  // Nobody comes back from the read.
  pool.reading.splice(0);
  await pool.ask([4]);
  await pool.handOut();
  expect(pool.reading).toHaveLength(0);
  world.nowMs += 71_000;
  await pool.handOut();
  expect(pool.reading).toHaveLength(1);
});

test('the deaths that a message was received by count on when it is put off in between', async () => {
  const pool = await Pool.of(5);
  const { world } = pool;
  await pool.ask(all(4));
  await pool.handOut();
  await pool.ask([4]);
  const [queued] = world.ready();
  if (!queued) throw new Error('it waits');
  world.acknowledge(queued);
  // Two workers have died over it, and this is its third receive.
  await world.handle({ ...queued, receives: 2 }, world.quiet);
  const [again] = world.messages;
  expect(again?.message.putOff).toEqual({ times: 1, receives: 2 });
  await pool.workOff();
});

test('for a minute after a call for patience one message at a time works with that connection', async () => {
  const pool = await Pool.of(4);
  const { world } = pool;
  await pool.ask([3]);
  await pool.handOut();
  const refusedAtMs = world.nowMs;
  pool.letOneThrough(new SyncError('throttled', 'Asked for patience.', { retryAfterMs: 6_000 }));
  await settle();
  world.nowMs += 6_000;
  await pool.ask(all(3));
  await pool.handOut();
  expect(pool.reading).toHaveLength(1);
  world.nowMs = refusedAtMs + 60_000;
  await pool.handOut();
  expect(pool.reading).toHaveLength(4);
  await pool.workOff();
});
