import { messagesInHand, mostChunksOut } from '../../functions/core/timing/caps.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, type FieldSpec, tenantId, type World } from '../property/world.ts';
import { groupsMapped, listFields, mapGroups } from '../sync/list-world.ts';
import type { Attack, Scenario } from './deaths.ts';

const fields: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
  { name: 'terms', direction: 'toCrm' },
  { name: 'note', direction: 'toErp' },
];
const options = { fields, links: 4 } as const;

/** Longer than a list overlaps, so that what it skips once stays skipped; and the next poll is due. */
const beyondOverlapMs = 60_000;

function editInCrm(world: World): void {
  world.crm.edit('contact', 'c0', { name: 'Alfa' });
  world.erp.hideOnce('e0');
  world.crm.edit('contact', 'c1', { city: 'Breda', note: 'Call first' });
  world.crm.edit('contact', 'c2', { name: 'Gamma' });
  world.nowMs += beyondOverlapMs;
}

function editInErp(world: World): void {
  world.erp.edit('party', 'e0', { NAME: 'Alfa' });
  world.crm.hideOnce('c0');
  world.erp.edit('party', 'e1', { CITY: 'Breda', TERMS: '30 days' });
  world.erp.edit('party', 'e2', { NAME: 'Gamma' });
  world.nowMs += beyondOverlapMs;
}

async function pollAndDrain(attack: Attack): Promise<void> {
  await attack.poll();
  await attack.drain();
}

function startAll(attack: Attack) {
  return startRun(attack.world.engine, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'connection' },
    trigger: { by: 'user' },
  });
}

/** Handles until messages of the kind are all there is. */
async function handleUntilOnly(world: World, kind: 'detect' | 'look'): Promise<void> {
  for (;;) {
    const next = world.messages.find((queued) => queued.message.kind !== kind);
    if (!next) break;
    await world.handle(next, world.quiet);
    world.acknowledge(next);
  }
}

/** Polls and handles until messages of the kind are all there is, and loses them. */
async function loseAll(world: World, kind: 'detect' | 'look'): Promise<void> {
  await world.poll();
  await handleUntilOnly(world, kind);
  world.messages.length = 0;
  world.nowMs += 130_000;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'edits in the CRM alone',
    options,
    writes: { crm: 0, erp: 4 },
    before: async ({ world }) => editInCrm(world),
    attacked: pollAndDrain,
  },
  {
    name: 'edits in the ERP alone',
    options,
    writes: { crm: 4, erp: 0 },
    before: async ({ world }) => editInErp(world),
    attacked: pollAndDrain,
  },
  {
    name: 'edits on both sides, a clash, a refusal and a record that is gone',
    options: { ...options, erpRefuses: (_field, value) => (value === 'bad' ? 'Not that value' : undefined) },
    writes: { crm: 2, erp: 3 },
    before: async ({ world }) => {
      world.crm.edit('contact', 'c0', { name: 'from the CRM' });
      world.erp.edit('party', 'e0', { CITY: 'from the ERP' });
      world.crm.edit('contact', 'c1', { name: 'clash in the CRM', terms: 'overwritten' });
      world.erp.edit('party', 'e1', { NAME: 'clash in the ERP', TERMS: '30 days' });
      world.crm.edit('contact', 'c2', { city: 'its actor is gone' });
      world.erp.removeRecord('party', 'e2');
      world.crm.edit('contact', 'c3', { name: 'bad', city: 'Delft' });
      world.nowMs += beyondOverlapMs;
    },
    attacked: pollAndDrain,
  },
  {
    name: 'polls that end in the dispatcher, and an edit after them',
    options,
    writes: { crm: 0, erp: 1 },
    before: async ({ world }) => {
      for (let polls = 0; polls < 3; polls += 1) {
        world.nowMs += beyondOverlapMs;
        await world.poll();
        await world.drain();
      }
    },
    attacked: async (attack) => {
      const { world } = attack;
      for (const unlinked of ['c8', 'c9']) {
        world.nowMs += beyondOverlapMs;
        world.crm.edit('contact', unlinked, { name: 'of no link' });
        await pollAndDrain(attack);
      }
      world.crm.edit('contact', 'c1', { name: 'Beta' });
      world.nowMs += beyondOverlapMs;
      await pollAndDrain(attack);
    },
  },
  {
    name: 'a run queued behind one that detects changes',
    options,
    writes: { crm: 0, erp: 4 },
    before: async ({ world }) => editInCrm(world),
    attacked: async (attack) => {
      await attack.step(() => startAll(attack));
      await attack.step(() => startAll(attack));
      await attack.drain();
    },
  },
  {
    name: 'a stalled run that lost its detect messages',
    options,
    writes: { crm: 4, erp: 0 },
    before: async ({ world }) => {
      editInErp(world);
      await loseAll(world, 'detect');
    },
    attacked: pollAndDrain,
  },
  {
    name: 'a stalled run that lost its look messages',
    options,
    writes: { crm: 0, erp: 4 },
    before: async ({ world }) => {
      editInCrm(world);
      await loseAll(world, 'look');
    },
    attacked: pollAndDrain,
  },
  {
    name: 'more chunks than a run has out at once',
    options: { fields: fields.slice(0, 1), links: mostChunksOut + 2, pageSize: 1 },
    writes: { crm: 0, erp: mostChunksOut + 2 },
    before: async ({ world }) => {
      for (let at = 0; at < world.options.links; at += 1) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
      world.nowMs += beyondOverlapMs;
      await world.poll();
      await handleUntilOnly(world, 'look');
      // All that follow the first of those that are out.
      for (const queued of world.ready().slice(0, mostChunksOut - messagesInHand.connection - 1)) {
        await world.handle(queued, world.quiet);
        world.acknowledge(queued);
      }
    },
    attacked: async (attack) => attack.drain(),
  },
  {
    name: 'intents whose worker died before it heard the answers',
    options,
    writes: { crm: 1, erp: 4 },
    before: async (attack) => {
      const { world } = attack;
      editInCrm(world);
      world.erp.edit('party', 'e0', { CITY: 'Ede' });
      world.nowMs += beyondOverlapMs;
      await world.poll();
      for (let [queued] = world.messages; queued; [queued] = world.messages) {
        const message = queued;
        await attack.step(
          () => world.handle(message),
          (what) => what.endsWith('.update.answered'),
        );
        world.acknowledge(message);
      }
      world.nowMs += 130_000;
    },
    attacked: pollAndDrain,
  },
  {
    name: 'a sweep of several pages, and records gone on both sides',
    options: { ...options, crm: { listMissesDeletes: true }, erp: { listMissesDeletes: true, answersAtMost: () => 1 } },
    writes: { crm: 0, erp: 0 },
    before: async ({ world }) => {
      const { list } = world.engine.links;
      world.engine.links.list = (tenant, filter, page) => list(tenant, filter, { ...page, limit: 2 });
      world.erp.removeRecord('party', 'e1');
      world.crm.removeRecord('contact', 'c3');
      world.nowMs += 24 * 3_600_000;
    },
    attacked: pollAndDrain,
  },
  {
    name: 'a list item is mapped that links wait for',
    options: { fields: listFields, links: 2 },
    writes: { crm: 0, erp: 1 },
    before: async ({ world }) => {
      await mapGroups(world, { old: 'old' });
      await world.minutes(4);
      for (const [at, item] of ['new', 'other'].entries()) {
        world.crm.edit('contact', `c${at}`, { group: item });
      }
      await world.minutes(2);
    },
    attacked: async (attack) => {
      const { world } = attack;
      const pairs = { old: 'old', fresh: 'new' };
      const isToldSo = await attack.step(() => mapGroups(world, pairs, world.engine));
      // A person who heard nothing looks, and repeats what was not done.
      if (!isToldSo && !('fresh' in (await groupsMapped(world)))) await mapGroups(world, pairs);
      world.nowMs += beyondOverlapMs;
      await pollAndDrain(attack);
    },
  },
];
