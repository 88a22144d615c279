/** Invariants 1 to 4, 6 and 7 of the engine under generated interleavings; a failure prints its seed. */
import { expect, test } from 'vitest';
import { mostChunksOut } from '../../functions/core/timing/caps.ts';
import type { Value } from '../../functions/core/values/value.ts';
import { actions, grouped, inEveryHistory, mixed, twoWay } from './histories.ts';
import type { Interleaving } from './interleaving.ts';
import { expectInvariants } from './invariants.ts';
import type { World } from './world.ts';

test('two-way fields converge, nothing is lost and nothing echoes, whatever workers, queue and people do', async () => {
  await inEveryHistory({ fields: twoWay, links: 2 }, actions(), expectInvariants);
});

test('the same holds with one-way fields and with the ERP winning', async () => {
  const options = { fields: mixed, links: 3, policy: { kind: 'erp-wins' } } as const;
  await inEveryHistory(options, actions(), expectInvariants);
});

test('the same holds where answers to writes prove nothing', async () => {
  const policy = { kind: 'latest-wins', fallback: 'erp' } as const;
  await inEveryHistory({ fields: twoWay, links: 2, erpAnswersStored: false, policy }, actions(), expectInvariants);
});

test('the same holds where the ERP refuses values without saying which', async () => {
  const erpRefuses = (_field: string, value: Value) => (String(value).endsWith('7') ? 'Not that value' : undefined);
  await inEveryHistory({ fields: twoWay, links: 2, erpRefuses, erpNamesRefused: false }, actions(), expectInvariants);
});

test('the same holds for fields of one group, where the ERP refuses values without saying which', async () => {
  const erpRefuses = (_field: string, value: Value) => (String(value).endsWith('7') ? 'Not that value' : undefined);
  await inEveryHistory({ fields: grouped, links: 2, erpRefuses, erpNamesRefused: false }, actions(), expectInvariants);
});

test('the same holds where the ERP stores something else than it was sent', async () => {
  const erpStores = (_field: string, value: Value) => (String(value).endsWith('7') ? `${value}~` : value);
  await inEveryHistory({ fields: grouped, links: 2, erpStores }, actions(), expectInvariants);
});

test('the same holds where edits are made and listed while a look stands between its read and its record', async () => {
  await inEveryHistory({ fields: twoWay, links: 2 }, actions({ overtake: 20, poll: 12 }), expectInvariants);
});

test('the same holds where runs over named links, and duplicates of their messages, meet at the same links', async () => {
  const meeting = actions({ duplicate: 14, named: 6, compare: 3, cancel: 2, edit: 16, poll: 10, 'lose-answer': 5 });
  await inEveryHistory({ fields: twoWay, links: 2 }, meeting, expectInvariants);
});

test('the same holds where many polls end in the dispatcher while people, workers and faults go on', async () => {
  const histories = actions({ poll: 30, tick: 40, step: 90, edit: 5, revert: 1, lose: 0, cancel: 0 });
  let ended = 0;
  const holds = async (play: Interleaving) => {
    ended += play.world.idlePolls;
    await expectInvariants(play);
  };
  await inEveryHistory({ fields: twoWay, links: 2 }, histories, holds, (world) => world.minutes(3));
  expect(ended).toBeGreaterThan(0);
});

test('without faults the counters of all runs are exactly what was written', async () => {
  const faultless = actions({ kill: 0, 'lose-answer': 0, 'refuse-call': 0, lose: 0, 'break-write': 0 });
  await inEveryHistory({ fields: twoWay, links: 3 }, faultless, async ({ world, faults }) => {
    if (faults > 0) return;
    const runs = await world.runs();
    const sum = (name: 'writtenToCrm' | 'writtenToErp') => runs.reduce((total, run) => total + run.counters[name], 0);
    const fields = (written: readonly { values: object }[]) =>
      written.reduce((total, one) => total + Object.keys(one.values).length, 0);
    expect({ crm: sum('writtenToCrm'), erp: sum('writtenToErp') }).toEqual({
      crm: fields(world.crm.written),
      erp: fields(world.erp.written),
    });
  });
});

test('a run of more chunks than may be out at once loses nothing, whoever dies or is cancelled meanwhile', async () => {
  const links = mostChunksOut + 3;
  const options = { fields: [{ name: 'name', direction: 'both' }], links, pageSize: 1 } as const;
  const begun = async (world: World) => {
    await world.quiesce();
    for (let at = 0; at < links; at += 1) world.erp.edit('party', `e${at}`, { NAME: `begun${at}` });
    await world.poll();
    for (let next = detecting(world); next; next = detecting(world)) {
      await world.handle(next, world.quiet);
      world.acknowledge(next);
    }
  };
  const detecting = (world: World) => world.messages.find(({ message }) => message.kind === 'detect');
  const history = actions({ deliver: 24, kill: 4, lose: 2, cancel: 1, edit: 4, revert: 1 });
  await inEveryHistory(options, history, expectInvariants, begun);
});
