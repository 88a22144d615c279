/** Several connections on the same CRM records: the invariants of the engine, for all of them together. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FieldChange } from '../../functions/core/model/field-change.ts';
import { hasEnded } from '../../functions/core/model/run.ts';
import type { Value } from '../../functions/core/values/value.ts';
import { actions, grouped, settingsFor, twoWay } from './histories.ts';
import type { FurtherConnection, Hub } from './hub.ts';
import { type HubEdit, HubInterleaving } from './hub-interleaving.ts';
import type { Action } from './interleaving.ts';
import { connectionId, tenantId, type WorldOptions } from './world.ts';

const crmWins = { kind: 'crm-wins' } as const;
const erpWins = { kind: 'erp-wins' } as const;
const latest = { kind: 'latest-wins', fallback: 'erp' } as const;
const two = [{ id: 'conn2', policy: erpWins }];
const three = [
  { id: 'conn2', policy: erpWins },
  { id: 'conn3', policy: latest },
];

async function logOf(hub: Hub, linkId: string): Promise<FieldChange[]> {
  return (await hub.quiet.changeLog.list(tenantId, { linkId }, { limit: 2_000 })).items.slice();
}

/** What a system holds in a field at the mark and ever after. */
function valuesSince(hub: Hub, edits: readonly HubEdit[], where: Omit<HubEdit, 'value' | 'atMs'>): Value[] {
  const system = where.of === undefined ? hub.crm : hub.erpOf(where.of);
  const key = where.of === undefined ? where.field : where.field.toUpperCase();
  const made = [
    { when: '', value: `start${where.at}` as Value },
    ...edits
      .filter(({ of, at, field }) => of === where.of && at === where.at && field === where.field)
      .map(({ mark, value }) => ({ when: mark, value })),
    ...system.written
      .filter((one) => one.key.endsWith(String(where.at)) && key in one.values)
      .map((one) => ({ when: one.at, value: one.values[key] ?? null })),
  ].sort((one, other) => (one.when < other.when ? -1 : 1));
  const before = made.filter(({ when }) => when <= where.mark).slice(-1);
  return [...before, ...made.filter(({ when }) => when > where.mark)].map(({ value }) => value);
}

/** Edits that were overwritten before they had travelled, and that no log shows as losing. */
async function lostEdits({ hub, hubEdits }: HubInterleaving): Promise<unknown[]> {
  const lost: unknown[] = [];
  for (const edit of hubEdits) {
    const { of, at, field, mark, value } = edit;
    const system = of === undefined ? hub.crm : hub.erpOf(of);
    const key = of === undefined ? field : field.toUpperCase();
    const isOver = system.written.some(
      (one) => one.key.endsWith(String(at)) && one.replacedMarks[key] === mark && one.values[key] !== value,
    );
    if (!isOver) continue;
    const elsewhere = of === undefined ? hub.connectionIds : [undefined];
    const travelled = elsewhere.some((place) => {
      const where = { side: 'crm', at, field, mark, ...(place !== undefined && { of: place }) } as const;
      return valuesSince(hub, hubEdits, where).includes(value);
    });
    const logs = await Promise.all(
      (of === undefined ? hub.connectionIds : [of]).map((id) => logOf(hub, hub.linkOf(id, at))),
    );
    const side = of === undefined ? 'crm' : 'erp';
    const logged = logs.flat().some((one) => one.crmField === field && one.id > mark && one.conflict?.[side] === value);
    if (!travelled && !logged) lost.push(edit);
  }
  return lost;
}

/** Two-way fields in which the systems differ although nothing keeps them from agreeing. */
async function differences({ hub }: HubInterleaving): Promise<unknown[]> {
  const loose: unknown[] = [];
  for (let at = 0; at < hub.options.links; at += 1) {
    for (const { name } of hub.options.fields.filter(({ direction }) => direction === 'both')) {
      const held = hub.held(at, name);
      if (new Set(held).size > 1) loose.push({ at, name, held });
    }
  }
  return loose;
}

async function expectAgreement(play: HubInterleaving): Promise<void> {
  expect(await differences(play)).toEqual([]);
  expect(await lostEdits(play)).toEqual([]);
  await expectRest(play);
}

/** Nothing is left to do or to write. */
async function expectRest({ hub }: HubInterleaving): Promise<void> {
  const writes = hub.writes();
  await hub.compareAll();
  await hub.quiesce();
  expect(hub.writes() - writes).toBe(0);
  for (const id of hub.connectionIds) {
    expect((await hub.linksOf(id)).filter(({ state }) => state !== 'active')).toEqual([]);
    expect((await hub.quiet.dueItems.list(tenantId, id, 100)).items).toEqual([]);
  }
  expect((await hub.runs()).filter((run) => !hasEnded(run.state) || run.state === 'failed')).toEqual([]);
}

const people = actions({ revert: 0, flicker: 0, edit: 16, poll: 14, named: 4 });

async function played(
  options: Omit<WorldOptions, 'gate'>,
  further: readonly FurtherConnection[],
  given: readonly Action[],
): Promise<HubInterleaving> {
  const play = new HubInterleaving(options, further);
  await play.hub.setUp();
  await play.play(given);
  return play;
}

async function inEveryHistory(
  options: Omit<WorldOptions, 'gate'>,
  further: readonly FurtherConnection[],
  histories = people,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(histories, async (given) => expectAgreement(await played(options, further, given))),
    settingsFor(50),
  );
}

test('two connections on one record converge, lose no edit and echo nothing, whatever workers, queue and people do', async () => {
  await inEveryHistory({ fields: twoWay, links: 2, policy: crmWins }, two);
});

test('the same holds for three connections of different policies', async () => {
  await inEveryHistory({ fields: twoWay, links: 1, policy: crmWins }, three);
});

test('the same holds for fields of one group', async () => {
  await inEveryHistory({ fields: grouped, links: 1, policy: erpWins }, three);
});

test('the same holds where links are disconnected and taken up again', async () => {
  const leaving = actions({ revert: 0, flicker: 0, edit: 16, poll: 14, named: 4, disconnect: 4, restore: 4 });
  await inEveryHistory({ fields: twoWay, links: 1, policy: latest }, three, leaving);
});

test('connections that enforce the same one-way field come to rest, and two-way fields agree', async () => {
  const fields = [
    { name: 'name', direction: 'both' },
    { name: 'terms', direction: 'toCrm', enforce: true },
  ] as const;
  await inEveryHistory({ fields, links: 1, policy: crmWins }, three);
});

test('systems that store something else than they are sent, or whose answers prove nothing, do not write in turn', async () => {
  const stores = (_field: string, value: Value) =>
    typeof value === 'string' && value.endsWith('7') ? `${value}~` : value;
  const systems = fc.record({
    crm: fc.record({ reformat: fc.constantFrom(stores, undefined), answersStored: fc.boolean() }),
    erpStores: fc.constantFrom(stores, undefined),
    erpAnswersStored: fc.boolean(),
    policy: fc.constantFrom(crmWins, erpWins, { kind: 'ask' } as const),
    fields: fc.constantFrom(twoWay, grouped),
  });
  await fc.assert(
    fc.asyncProperty(people, systems, async (given, { crm: { reformat, answersStored }, erpStores, ...rest }) => {
      const crm = { answersStored, ...(reformat && { reformat }) };
      const play = await played({ links: 1, crm, ...(erpStores && { erpStores }), ...rest }, three, given);
      await expectRest(play);
    }),
    settingsFor(50),
  );
});

test('of edits in all ERPs at once that of the highest connection wins everywhere, whoever is synchronised first', async () => {
  const ids = [connectionId, 'conn2', 'conn3'];
  const orders = fc.array(fc.constantFrom(...ids), { minLength: 3, maxLength: 12 });
  const policies = fc.array(fc.constantFrom(crmWins, erpWins, latest), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(orders, policies, async (order, [first, second, third]) => {
      const further = [
        { id: 'conn2', policy: second ?? crmWins },
        { id: 'conn3', policy: third ?? crmWins },
      ];
      const { hub } = new HubInterleaving({ fields: twoWay, links: 1, policy: first ?? crmWins }, further);
      await hub.setUp();
      await hub.quiesce();
      for (const id of ids) hub.erpOf(id).edit('party', 'e0', { NAME: `of ${id}` });
      for (const id of order) {
        hub.nowMs += 10_000;
        await hub.poll(hub.quiet, id);
        await hub.drain();
      }
      await hub.quiesce();
      expect(hub.held(0, 'name')).toEqual(Array(4).fill(`of ${connectionId}`));
    }),
    settingsFor(50),
  );
});
