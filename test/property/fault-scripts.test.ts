/** Whatever goes wrong with a whole system, the engine stops itself within the allowance, and all heals once it is put right. */
import { expect, test } from 'vitest';
import { actKinds } from '../../functions/core/model/brake.ts';
import { answerBrake } from '../../functions/features/runs/answer-brake.ts';
import { dueOf } from '../sync/at-rest.ts';
import { brakesOf } from '../sync/brakes-of.ts';
import { faultScripts, ofAMessage } from './fault-scripts.ts';
import { allowance, FaultyWorld, fields, rightValues } from './faulty-world.ts';
import { harmOf } from './harm-of.ts';
import { tenantId } from './world.ts';

/** Of refusals of two fields: what a message had in hand when it found out, and the links that tried for all. */
const inHand = 2 * (allowance + ofAMessage + 2);

function valuesBefore(key: string): readonly unknown[] {
  return Object.values(rightValues(Number(key.slice(1))));
}

async function expectHarmWithinAllowance(play: FaultyWorld): Promise<void> {
  const harm = await harmOf(play, valuesBefore);
  for (const kind of actKinds) {
    expect([kind, harm[kind]]).toEqual([kind, Math.min(harm[kind], kind === 'refusals' ? inHand : allowance)]);
  }
}

/** Both sides agree in every field of every link, and nothing is left to do or to ask. */
async function expectHealed({ world }: FaultyWorld): Promise<void> {
  expect(await brakesOf(world)).toEqual([]);
  expect(await dueOf(world)).toEqual([]);
  for (const { state, ends } of await world.links()) {
    const [crm, erp] = [world.crm.valuesOf('contact', ends.crm.key), world.erp.valuesOf('party', ends.erp.key)];
    const held = fields.map(({ name }) => [name, crm[name] ?? null]);
    expect([state, ...held]).toEqual(['active', ...fields.map(({ name }) => [name, erp[name.toUpperCase()] ?? null])]);
  }
}

async function answerAll(world: FaultyWorld['world'], answer: 'continue' | 'drop'): Promise<void> {
  for (let answers = 0; answers < 6; answers += 1) {
    const [brake] = await brakesOf(world);
    if (!brake) return;
    await answerBrake(world.quiet, { tenantId, caller: 'key1', runId: brake.runId, answer });
    await world.drain();
  }
}

for (const { name, kind, options, mendingAsks, play: fail } of faultScripts) {
  test(`${name}: stopped within the allowance, and all heals once it is put right`, async () => {
    const play = await FaultyWorld.begin(options);
    const mend = await fail(play);
    const { world } = play;
    const stopped = (await world.runs()).filter(({ state }) => state === 'stopped-by-brake');
    expect(stopped.length).toBeGreaterThan(0);
    expect((await brakesOf(world)).map((brake) => brake.kind)).toContain(kind);
    await expectHarmWithinAllowance(play);
    await world.minutes(3);
    await expectHarmWithinAllowance(play);
    mend();
    await world.minutes(1);
    if (mendingAsks) await answerAll(world, 'continue');
    await play.compare();
    await world.quiesce();
    await expectHealed(play);
  });

  test(`${name}: dropped, nothing more is harmed, and all heals once it is put right`, async () => {
    const play = await FaultyWorld.begin(options);
    const mend = await fail(play);
    const { world } = play;
    await answerAll(world, 'drop');
    expect(await brakesOf(world)).toEqual([]);
    await world.minutes(2);
    await expectHarmWithinAllowance(play);
    mend();
    await world.minutes(1);
    await play.compare();
    await world.quiesce();
    await expectHealed(play);
  });
}
