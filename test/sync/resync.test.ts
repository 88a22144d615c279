/** Runs in which one side wins: all links, a type, chosen records; with and without blanks; dry; what they leave. */
import { expect, test } from 'vitest';
import type { Run, RunScope } from '../../functions/core/model/run.ts';
import { answerBrake } from '../../functions/features/runs/answer-brake.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf } from './at-rest.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
  { name: 'terms', direction: 'toCrm' },
] as const;

interface Asked {
  readonly kind?: Run['kind'];
  readonly linkIds?: readonly string[];
  readonly noBlanks?: boolean;
  readonly dryRun?: boolean;
}

async function resync(world: World, { kind = 'resync-from-crm', linkIds, ...rest }: Asked = {}): Promise<Run> {
  const scope: RunScope = linkIds ? { kind: 'links', linkIds: [...linkIds] } : { kind: 'connection' };
  const named = linkIds && { linkIds };
  const run = await startRun(world.quiet, {
    tenantId,
    connectionId,
    kind,
    scope,
    ...named,
    ...rest,
    trigger: { by: 'user' },
  });
  await world.drain();
  const ended = await world.quiet.runs.get(tenantId, run.id);
  if (!ended) throw new Error('a run is kept');
  return ended;
}

/** Edits that no poll has seen: of both sides, and of one. */
async function edited(): Promise<World> {
  const world = await atRest({ fields, links: 3 });
  world.erp.edit('party', 'e0', { NAME: 'of the ERP' });
  world.crm.edit('contact', 'c0', { name: 'of the CRM' });
  world.erp.edit('party', 'e1', { NAME: 'of the ERP alone', TERMS: '30 days' });
  world.crm.edit('contact', 'c2', { city: null });
  return world;
}

const names = (world: World) =>
  [0, 1, 2].map((at) => [world.crm.valuesOf('contact', `c${at}`).name, world.erp.valuesOf('party', `e${at}`).NAME]);

test('a resync from the CRM makes the ERP what the CRM is, logs what it replaces, and nothing is left to do', async () => {
  const world = await edited();
  const run = await resync(world);
  expect(run).toMatchObject({ state: 'done', counters: { lookedAt: 3, changed: 3, writtenToErp: 3, writtenToCrm: 1 } });
  expect(names(world)).toEqual([
    ['of the CRM', 'of the CRM'],
    ['start1', 'start1'],
    ['start2', 'start2'],
  ]);
  expect(world.crm.valuesOf('contact', 'c1').terms).toBe('30 days');
  expect(world.erp.valuesOf('party', 'e2').CITY).toBeNull();
  const lost = (await world.log()).flatMap(({ conflict }) => (conflict?.policy === 'resync' ? [conflict] : []));
  expect(lost).toMatchObject([
    { winner: 'crm', crm: 'of the CRM', erp: 'of the ERP', base: { crm: 'start0', erp: 'start0' } },
    { winner: 'crm', crm: 'start1', erp: 'of the ERP alone', base: { crm: 'start1', erp: 'start1' } },
    { winner: 'crm', crm: null, erp: 'start2', base: { crm: 'start2', erp: 'start2' } },
  ]);
  const written = world.erp.written.length + world.crm.written.length;
  await world.quiesce();
  expect(world.erp.written.length + world.crm.written.length).toBe(written);
  expect(await dueOf(world)).toEqual([]);
});

test('a resync from the ERP makes the CRM what the ERP is', async () => {
  const world = await edited();
  await resync(world, { kind: 'resync-from-erp' });
  expect(names(world)).toEqual([
    ['of the ERP', 'of the ERP'],
    ['of the ERP alone', 'of the ERP alone'],
    ['start2', 'start2'],
  ]);
  expect(world.crm.valuesOf('contact', 'c2').city).toBe('start2');
});

test('without blanks a value stays beside its blank, listed as differing, and no later run moves it', async () => {
  const world = await edited();
  const run = await resync(world, { noBlanks: true });
  expect(run).toMatchObject({ state: 'done', noBlanks: true, counters: { writtenToErp: 2 } });
  expect(world.erp.valuesOf('party', 'e2').CITY).toBe('start2');
  const link = await world.quiet.links.get(tenantId, 'link2');
  expect(link && world.fieldState(link, 'city')).toMatchObject({ differs: true, agreed: { crm: null, erp: 'start2' } });
  await world.quiesce();
  expect(world.erp.valuesOf('party', 'e2').CITY).toBe('start2');
  expect(world.crm.valuesOf('contact', 'c2').city).toBeNull();
});

test('a resync of chosen links leaves the others alone', async () => {
  const world = await edited();
  const run = await resync(world, { linkIds: ['link1'] });
  expect(run).toMatchObject({ state: 'done', counters: { lookedAt: 1 } });
  expect(names(world)[0]).toEqual(['of the CRM', 'of the ERP']);
  expect(names(world)[1]).toEqual(['start1', 'start1']);
});

test('a dry resync tells exactly what one would write, and writes nothing', async () => {
  const world = await edited();
  const dry = await resync(world, { dryRun: true });
  expect(world.erp.written).toEqual([]);
  const planned = (await world.quiet.changeLog.list(tenantId, { runId: dry.id }, { limit: 50 })).items;
  const run = await resync(world);
  const made = (await world.quiet.changeLog.list(tenantId, { runId: run.id }, { limit: 50 })).items;
  const told = (changes: typeof made) =>
    changes.map(({ linkId, crmField, side, oldValue, newValue, rule, conflict }) =>
      JSON.stringify([linkId, crmField, side, oldValue, newValue, rule, conflict]),
    );
  expect(told(planned).sort()).toEqual(told(made).sort());
  const { lookedAt: _looked, callsToCrm: _crm, callsToErp: _erp, ...counters } = dry.counters;
  expect(run.counters).toMatchObject(counters);
});

test('a resync blanks no more links than a day allows', async () => {
  const world = await atRest({ fields, links: 14 });
  for (let at = 0; at < 14; at += 1) world.crm.edit('contact', `c${at}`, { name: null });
  const run = await resync(world);
  expect(run).toMatchObject({ state: 'stopped-by-brake', reason: 'blanks' });
  const blanked = Array.from({ length: 14 }, (_, at) => world.erp.valuesOf('party', `e${at}`).NAME);
  expect(blanked.filter((name) => name === null)).toHaveLength(10);
});

/** 14 links whose blank in the CRM stands beside a value, of which a resync may blank ten. */
async function braked(): Promise<{ world: World; run: Run }> {
  const world = await atRest({ fields, links: 14 });
  for (let at = 0; at < 14; at += 1) world.crm.edit('contact', `c${at}`, { name: null });
  await resync(world, { noBlanks: true });
  const run = await resync(world);
  expect(run).toMatchObject({ state: 'stopped-by-brake', counters: { withheld: 4 } });
  return { world, run };
}

const blankNames = (world: World) =>
  Array.from({ length: 14 }, (_, at) => world.erp.valuesOf('party', `e${at}`).NAME).filter((name) => name === null);

async function answered({ world, run }: { world: World; run: Run }, answer: 'continue' | 'drop'): Promise<void> {
  await answerBrake(world.quiet, { tenantId, caller: 'key1', runId: run.id, answer });
  await world.drain();
}

test('what a brake withheld of a resync is done once a person says continue', async () => {
  const { world, run } = await braked();
  await answered({ world, run }, 'continue');
  expect(blankNames(world)).toHaveLength(14);
  expect((await world.quiet.connections.getSetup(tenantId, connectionId))?.brakes).toEqual([]);
});

test('what a brake withheld of a resync is held once a person says drop', async () => {
  const { world, run } = await braked();
  await answered({ world, run }, 'drop');
  expect(blankNames(world)).toHaveLength(10);
  const held = (await world.links()).filter((link) => world.fieldState(link, 'name')?.held === 'dropped');
  expect(held).toHaveLength(4);
});

test('a value that the winner has again by then is synchronised as usual, and the rest of the link is not resynced', async () => {
  const { world, run } = await braked();
  const left = (await world.links()).filter(({ withheld }) => withheld);
  const [at] = left.map(({ ends }) => ends.erp.key.slice(1));
  world.erp.edit('party', `e${at}`, { CITY: 'later in the ERP' });
  world.crm.edit('contact', `c${at}`, { name: 'again' });
  await answered({ world, run }, 'continue');
  expect(world.erp.valuesOf('party', `e${at}`)).toMatchObject({ NAME: 'again', CITY: 'later in the ERP' });
  expect(world.crm.valuesOf('contact', `c${at}`)).toMatchObject({ name: 'again', city: 'later in the ERP' });
});
