/** A sweep that a person asks for, while an earlier one is under way. */
import { expect, test } from 'vitest';
import { noSweepProgress, type SweepProgress } from '../../../functions/core/model/sweep.ts';
import { ApiWorld } from '../api-world.ts';
import { addConnection, addRecords, connect, customerMapping, pair, saveMapping, withCrm } from '../set-up-steps.ts';

const customers = 'sweep:customer';
const projects = 'sweep:project';
const dayMs = 86_400_000;

class Swept {
  readonly world = new ApiWorld();
  connectionId = '';

  /** Three linked customers and a project; nothing was swept yet. */
  static async linked(): Promise<Swept> {
    const made = new Swept();
    const { world } = made;
    Object.assign(world.erp.options, { listMissesDeletes: true });
    await withCrm(world);
    made.connectionId = await addConnection(world);
    await saveMapping(world, made.connectionId, customerMapping);
    const fields = [{ erpField: 'NAME', crmField: 'name', direction: 'both' }];
    await saveMapping(world, made.connectionId, { active: true, fields }, 'project');
    await world.send('POST', `/v1/connections/${made.connectionId}/activate`);
    addRecords(world, 3);
    world.erp.edit('work', 'w1', { NAME: 'P' });
    world.crm.edit('project', 'j1', { name: 'P' });
    await connect(world, made.connectionId, pair(1), pair(2), pair(3), {
      actorType: 'project',
      erpKey: 'w1',
      crmKey: 'j1',
    });
    await world.work();
    return made;
  }

  /** A sweep that was stopped: how far each type has come; one that is not named has ended. */
  async under(progress: Readonly<Record<string, Partial<SweepProgress>>>): Promise<void> {
    const { connections, runtime } = this.world.app;
    const of = [this.world.tenantId, this.connectionId] as const;
    const begunAt = runtime.now();
    const all = { [customers]: noSweepProgress(begunAt), [projects]: noSweepProgress(begunAt) };
    await connections.beginSweep(...of, { begunAt, underWay: all, ended: {} }, undefined);
    for (const [chain, start] of Object.entries(all)) {
      if (progress[chain]) await connections.noteSwept(...of, chain, { ...start, ...progress[chain] });
      else await connections.endSweep(...of, chain, { ...start, asked: 3 });
    }
  }

  async sweep(actorType: string) {
    const body = { kind: 'sweep', connectionId: this.connectionId, scope: { kind: 'actor-type', actorType } };
    const { json } = await this.world.send('POST', '/v1/sync-runs', { body });
    await this.world.work();
    return (await this.world.send('GET', `/v1/sync-runs/${json.id}`)).json;
  }

  async progress() {
    return (await this.world.app.connections.activity(this.world.tenantId, this.connectionId)).sweep;
  }

  async broken(): Promise<string[]> {
    const { json } = await this.world.send('GET', `/v1/links?connectionId=${this.connectionId}&state=broken`);
    return json.items.map(({ erpKey }: { erpKey: string }) => erpKey);
  }

  /** Behind the first two customers. */
  async next(): Promise<string | undefined> {
    const filter = { connectionId: this.connectionId, actorType: 'customer' };
    return (await this.world.app.links.list(this.world.tenantId, filter, { limit: 2 })).cursor;
  }
}

test('it asks for the links of a type that has ended, and one of another type that is under way goes on where it was', async () => {
  const swept = await Swept.linked();
  await swept.under({ [projects]: { asked: 0 } });
  const begunAt = swept.world.app.runtime.now();
  swept.world.nowMs += 2 * dayMs;
  swept.world.erp.removeRecord('party', 'p2');
  expect(await swept.sweep('customer')).toMatchObject({ counters: { lookedAt: 1 } });
  expect(await swept.broken()).toEqual(['p2']);
  expect(await swept.progress()).toMatchObject({
    underWay: { [projects]: { asked: 0, since: begunAt } },
    ended: { [customers]: { asked: 3, notFound: 1 } },
  });
  swept.world.erp.removeRecord('work', 'w1');
  await swept.sweep('project');
  expect((await swept.broken()).toSorted()).toEqual(['p2', 'w1']);
  expect(await swept.progress()).toMatchObject({ underWay: {} });
});

test('one of the same type goes on if it was begun today, and begins anew if it was before', async () => {
  for (const later of [0, dayMs]) {
    const swept = await Swept.linked();
    const next = await swept.next();
    await swept.under({ [customers]: { asked: 2, notFound: 0, next } });
    swept.world.nowMs += later;
    for (const key of ['p1', 'p2', 'p3']) swept.world.erp.removeRecord('party', key);
    const run = await swept.sweep('customer');
    expect(run.counters.lookedAt).toBe(later === 0 ? 1 : 3);
    expect((await swept.progress())?.ended).toMatchObject({ [customers]: { asked: 3 } });
  }
});

test('one that goes on beside others keeps the day on which it was begun', async () => {
  const swept = await Swept.linked();
  const next = await swept.next();
  await swept.under({ [customers]: { asked: 2, next } });
  swept.world.nowMs += dayMs;
  await swept.sweep('project');
  expect((await swept.progress())?.underWay).toMatchObject({ [customers]: { asked: 2, next } });
  for (const key of ['p1', 'p2', 'p3']) swept.world.erp.removeRecord('party', key);
  expect((await swept.sweep('customer')).counters.lookedAt).toBe(3);
});

test('of two that are asked for at once each has the links of its type', async () => {
  const swept = await Swept.linked();
  swept.world.erp.removeRecord('party', 'p2');
  swept.world.erp.removeRecord('work', 'w1');
  await Promise.all([swept.sweep('customer'), swept.sweep('project')]);
  await swept.world.work();
  expect((await swept.broken()).toSorted()).toEqual(['p2', 'w1']);
});
