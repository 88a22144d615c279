/** Records that are deleted while people, workers and faults go on are all found by sweeps, and nothing else is. */
import { expect, test } from 'vitest';
import { hasEnded } from '../../functions/core/model/run.ts';
import type { Side } from '../../functions/core/model/side.ts';
import { actions, inEveryHistory } from './histories.ts';
import type { Interleaving } from './interleaving.ts';
import { connectionId, tenantId, type World } from './world.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const links = 4;
const limit = 2;
const dayMs = 24 * 3_600_000;

const misses = { listMissesDeletes: true };
/** Servers that show one or two records of those asked for. */
const capped = { crm: { ...misses, answersAtMost: () => 2 }, erp: { ...misses, answersAtMost: () => 1 } };
const options = { fields, links, staysAway: true, ...capped };

/** Breaks are rationed; a sweep takes two links a page. */
async function prepare(world: World): Promise<void> {
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  const allowances = { breaks: { links: limit, share: 0 } };
  if (connection) await world.quiet.connections.replace({ ...connection, allowances });
  for (const engine of [world.engine, world.quiet]) {
    const { list } = engine.links;
    engine.links.list = (tenant, filter, page) => list(tenant, filter, { ...page, limit: 2 });
  }
  await world.minutes(2);
}

const row = (world: World, side: Side, at: number) =>
  side === 'crm' ? world.crm.tables.get('contact')?.get(`c${at}`) : world.erp.tables.get('party')?.get(`e${at}`);

/** How the records of a link stand, the worst of both. */
function standingOf(world: World, at: number): 'gone' | 'merged' | 'archived' | 'live' {
  const rows = (['crm', 'erp'] as const).map((side) => row(world, side, at));
  if (rows.some((one) => one === undefined)) return 'gone';
  const kinds = rows.map((one) => one?.standing?.kind);
  if (kinds.includes('merged')) return 'merged';
  return kinds.includes('archived') ? 'archived' : 'live';
}

/** After so many days. */
const expectFound =
  (days: number) =>
  async ({ world }: Interleaving) => {
    const over = new Date(world.nowMs).toISOString();
    for (let day = 0; day < days; day += 1) {
      world.nowMs += dayMs;
      await world.poll();
      await world.drain();
    }
    await world.quiesce();
    const { brakes = [] } = (await world.quiet.connections.getSetup(tenantId, connectionId)) ?? {};
    const due = (await world.quiet.dueItems.list(tenantId, connectionId, 100)).items.map(({ linkId }) => linkId);
    const stands = { live: 'active', archived: 'paused', merged: 'broken', gone: 'broken' } as const;
    for (const [at, link] of (await world.links()).entries()) {
      const standing = standingOf(world, at);
      if (link.withheld?.breaks) {
        expect(['gone', 'merged']).toContain(standing);
        expect(brakes.map(({ kind }) => kind)).toEqual(['breaks']);
        expect(due).toContain(link.id);
      } else {
        expect({ id: link.id, standing, state: link.state }).toEqual({
          id: link.id,
          standing,
          state: stands[standing],
        });
        expect(link.openFailures).toHaveLength(link.state === 'broken' ? 1 : 0);
      }
    }
    const { sweep } = await world.quiet.connections.activity(tenantId, connectionId);
    // One that has taken days may be under way again.
    expect(sweep?.begunAt.localeCompare(over)).toBe(1);
    expect((await world.runs()).filter((run) => !hasEnded(run.state))).toEqual([]);
  };

const histories = actions({ delete: 6, 'take-back': 3, archive: 2, merge: 2, sweep: 8, poll: 10, compare: 0 });

test('every link with a deleted record breaks or waits under the brake, and no other does', async () => {
  await inEveryHistory(options, histories, expectFound(2), prepare, 80);
});

test('the same holds where each run of a sweep has few calls', async () => {
  const scarce = async (world: World) => {
    await prepare(world);
    for (const engine of [world.engine, world.quiet]) Object.assign(engine.settings, { mostSweepCalls: 2 });
  };
  await inEveryHistory(options, histories, expectFound(5), scarce, 80);
});
