/** What people do while looks run: disconnect, restore, switch the connection off; and who wins where the later edit does. */
import { expect, test } from 'vitest';
import { actions, grouped, inEveryHistory, mixed, twoWay } from './histories.ts';
import type { Interleaving } from './interleaving.ts';
import { expectInvariants, wrongWinners } from './invariants.ts';
import type { World } from './world.ts';

const beginnings: readonly [string, (world: World) => Promise<void>][] = [
  ['never in agreement', async () => {}],
  ['in agreement', (world) => world.quiesce()],
];

test('a disconnected link stays so until it is restored, and nothing is written to it that was not under way', async () => {
  await inEveryHistory({ fields: mixed, links: 2 }, actions({ disconnect: 3, restore: 2 }), expectInvariants);
});

test.each(beginnings)(
  'of records %s that are archived, merged or deleted and come back no blank is written, and no edit is lost',
  async (_, prepare) => {
    const history = actions({ archive: 3, merge: 2, delete: 2, 'take-back': 6, edit: 16, poll: 12, compare: 3 });
    const holds = async (play: Interleaving) => {
      await expectInvariants(play);
      const { crm, erp } = play.world;
      const blanks = [...crm.written, ...erp.written].filter(({ values }) => Object.values(values).includes(null));
      expect(blanks).toEqual([]);
    };
    await inEveryHistory({ fields: twoWay, links: 2 }, history, holds, prepare);
  },
);

test.each([
  ['two-way fields', { fields: twoWay, links: 2 }],
  ['values of several fields', { fields: grouped, links: 2 }],
] as const)(
  'where a person is asked nothing of %s is overwritten, and what both sides hold is no conflict',
  async (_, of) => {
    const options = { ...of, policy: { kind: 'ask' } } as const;
    await inEveryHistory(options, actions({ edit: 20, revert: 8 }), async (play) => {
      await expectInvariants(play);
      const conflicts = (await play.world.log()).filter(({ conflict }) => conflict && conflict.policy !== 'overtaken');
      expect(conflicts.map(({ conflict }) => conflict?.policy)).toEqual(conflicts.map(() => 'settled'));
    });
  },
);

test.each([
  ['two-way fields', { fields: twoWay, links: 2 }],
  ['one-way fields', { fields: mixed, links: 2 }],
  ['values of several fields', { fields: grouped, links: 2 }],
] as const)('a resync from either side amid edits of %s loses none and is followed by no echo', async (_, options) => {
  await inEveryHistory(options, actions({ resync: 5, edit: 16, named: 2, cancel: 2 }), expectInvariants);
});

test('a connection switched off and on while its looks run loses nothing', async () => {
  await inEveryHistory(
    { fields: twoWay, links: 2 },
    actions({ switch: 4, disconnect: 1, restore: 1 }),
    expectInvariants,
  );
});

test.each(beginnings)(
  'of records %s where the later edit wins, time decides only for the edit that was made later',
  async (_, prepare) => {
    const policy = { kind: 'latest-wins', fallback: 'crm' } as const;
    await inEveryHistory(
      { fields: twoWay, links: 2, policy },
      actions({ edit: 20, tick: 16 }),
      async (play) => {
        await expectInvariants(play);
        expect(await wrongWinners(play)).toEqual([]);
      },
      prepare,
    );
  },
);
