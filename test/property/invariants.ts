import { expect } from 'vitest';
import type { FieldChange } from '../../functions/core/model/field-change.ts';
import type { Link } from '../../functions/core/model/link.ts';
import { hasEnded } from '../../functions/core/model/run.ts';
import type { Value } from '../../functions/core/values/value.ts';
import { bookFaults } from './books.ts';
import type { Edit, Interleaving } from './interleaving.ts';
import { connectionId, type FieldSpec, tenantId } from './world.ts';

type SideOf = Edit['side'];
const other = (side: SideOf): SideOf => (side === 'crm' ? 'erp' : 'crm');
const keyOn = (side: SideOf, field: string) => (side === 'crm' ? field : field.toUpperCase());

/** Something keeps the field, or a part of its group, from being written. */
function isKept({ world }: Interleaving, link: Link, { name, group }: FieldSpec): boolean {
  const parts = world.options.fields.filter((field) => field.name === name || (group && field.group === group));
  const stands = parts.some((part) => {
    const state = world.fieldState(link, part.name);
    return state?.held || state?.parked;
  });
  return stands || world.fieldState(link, name)?.differs === true;
}

/** Two-way fields that differ although nothing stands in their way. */
async function differences(play: Interleaving): Promise<unknown[]> {
  const { world } = play;
  const loose: unknown[] = [];
  for (const [at, link] of (await world.links()).entries()) {
    for (const field of world.options.fields) {
      const { name, direction } = field;
      const crm = world.crm.valuesOf('contact', `c${at}`)[name];
      const erp = world.erp.valuesOf('party', `e${at}`)[name.toUpperCase()];
      if (direction === 'both' && crm !== erp && !isKept(play, link, field))
        loose.push({ where: `${link.id}.${name}`, crm, erp });
    }
  }
  return loose;
}

/** Enforced fields whose sides differ although nothing stands in the way. */
async function unenforced(play: Interleaving): Promise<unknown[]> {
  const { world } = play;
  const loose: unknown[] = [];
  for (const [at, link] of (await world.links()).entries()) {
    for (const field of world.options.fields.filter(({ enforce }) => enforce)) {
      const crm = world.crm.valuesOf('contact', `c${at}`)[field.name];
      const erp = world.erp.valuesOf('party', `e${at}`)[field.name.toUpperCase()];
      if (crm !== erp && !isKept(play, link, field)) loose.push({ where: `${link.id}.${field.name}`, crm, erp });
    }
  }
  return loose;
}

/** Values of fields without blanks that a blank replaced. */
function blankedOver({ world }: Interleaving): unknown[] {
  const protectedNames = world.options.fields.flatMap(({ name, noBlanks }) => (noBlanks ? [name] : []));
  return (['crm', 'erp'] as const).flatMap((side) =>
    world[side].written.flatMap(({ key, values, replaced }) =>
      protectedNames
        .map((name) => keyOn(side, name))
        .filter((field) => values[field] === null && (replaced[field] ?? null) !== null)
        .map((field) => `${key}.${field}`),
    ),
  );
}

/** What a field of one side held at the mark and ever after. */
function valuesSince({ world, edits }: Interleaving, { side, at, field, mark }: Omit<Edit, 'value' | 'atMs'>): Value[] {
  const key = keyOn(side, field);
  const changes = [
    { when: '', value: `start${at}` as Value },
    ...edits
      .filter((edit) => edit.side === side && edit.at === at && edit.field === field)
      .map((edit) => ({ when: edit.mark, value: edit.value })),
    ...world[side].written
      .filter((one) => one.key.endsWith(String(at)) && key in one.values)
      .map((one) => ({ when: one.at, value: one.values[key] ?? null })),
  ].sort((one, another) => (one.when < another.when ? -1 : 1));
  const before = changes.filter((change) => change.when <= mark).slice(-1);
  return [...before, ...changes.filter((change) => change.when > mark)].map((change) => change.value);
}

/** Edits that the engine overwrote although they had not travelled, and that the log does not show as losing. */
async function lostEdits(play: Interleaving): Promise<Edit[]> {
  const { world } = play;
  const log = await world.log();
  return play.edits.filter((edit) => {
    const { side, at, mark, value } = edit;
    // One blank is like another: nobody can tell it from the one that was there, or that was on its way.
    if (value === null) return false;
    const key = keyOn(side, edit.field);
    const here = world[side].written.filter((one) => one.key.endsWith(String(at)));
    const overwritten = here.some((one) => one.replacedMarks[key] === mark && one.values[key] !== value);
    if (!overwritten) return false;
    const ofField = log.filter(
      (one) => one.linkId === world.linkId(at) && one.crmField === edit.field && one.id > mark,
    );
    const travelled =
      valuesSince(play, { ...edit, side: other(side) }).includes(value) ||
      ofField.some((one) => one.side !== side && one.sentValue === value);
    return !travelled && !ofField.some((one) => one.conflict?.[side] === value);
  });
}

/** One-way fields: the last edit at the source has travelled, and nothing was ever written to the source. */
async function oneWayFaults(play: Interleaving): Promise<string[]> {
  const { world, edits } = play;
  const faults: string[] = [];
  const log = await world.log();
  const links = await world.links();
  for (const { name, direction, group } of world.options.fields) {
    if (direction !== 'toCrm' && direction !== 'toErp') continue;
    const target: SideOf = direction === 'toCrm' ? 'crm' : 'erp';
    const source = other(target);
    const back = world[source].written.filter((one) => keyOn(source, name) in one.values);
    for (const { key } of back) faults.push(`${key}.${name} was written at its source`);
    for (let at = 0; at < world.options.links; at += 1) {
      const last = edits.filter((edit) => edit.side === source && edit.at === at && edit.field === name).at(-1);
      const link = links[at];
      // A blank may be the one that was there before, or be kept back; any other value by the blank of its group only.
      const isKept = last?.value === null || (group && link && world.fieldState(link, name)?.keptBack);
      if (!last || isKept || valuesSince(play, { ...last, side: target }).includes(last.value)) continue;
      const isSent = ({ id, side, crmField, sentValue }: FieldChange) =>
        id > last.mark && side === target && crmField === name && sentValue === last.value;
      if (log.some(isSent)) continue;
      faults.push(`${source}${at}.${name} = ${last.value} did not travel`);
    }
  }
  return faults;
}

/** Written to a link's records while it was disconnected, although its intent had not sent it before. */
function writtenWhileAbsent({ world, absences }: Interleaving): string[] {
  return absences.flatMap(({ at, link, from, to }) =>
    (['crm', 'erp'] as const).flatMap((side) =>
      world[side].written
        .filter((one) => one.key.endsWith(String(at)) && one.at > from && (to === undefined || one.at < to))
        .flatMap(({ key, values }) =>
          Object.entries(values).flatMap(([field, value]) => {
            const sent = link.intent?.writes.some(
              (one) => one.side === side && keyOn(side, one.crmField) === field && one.sends === value,
            );
            return sent ? [] : [`${key}.${field} = ${value}`];
          }),
        ),
    ),
  );
}

/**
 * Where latest-wins decided by time, but not for the edit made later. A record has one stamp: if the winner's carried a
 * later edit of another field that was put back before anybody looked, no engine can know.
 */
export async function wrongWinners({ world, edits }: Interleaving): Promise<string[]> {
  const log = await world.log();
  return log.flatMap(({ id, linkId, side, crmField, conflict }) => {
    if (conflict?.policy !== 'latest-wins') return [];
    // It is logged after it was written; somebody may have put the losing value back in between.
    const write = world[side].written.findLast(
      ({ at, key, values }) =>
        at < id && linkId === world.linkId(Number(key.slice(1))) && keyOn(side, crmField) in values,
    );
    const ofLink = edits.filter((edit) => world.linkId(edit.at) === linkId && edit.mark < (write?.at ?? id));
    const madeAt = (side: SideOf) =>
      ofLink.findLast((edit) => edit.side === side && edit.field === crmField && edit.value === conflict[side])?.atMs;
    const won = madeAt(conflict.winner);
    const lost = madeAt(other(conflict.winner));
    if (won === undefined || lost === undefined || won >= lost) return [];
    const stamped = ofLink.some((edit) => edit.side === conflict.winner && edit.field !== crmField && edit.atMs > won);
    return stamped ? [] : [`${linkId}.${crmField}: the ${conflict.winner} won, though the other side was later`];
  });
}

/** What holds once a history is over and everybody has had time. */
export async function expectInvariants(play: Interleaving): Promise<void> {
  await expectNothingLost(play);
  expect(await bookFaults(play.world)).toEqual([]);
}

/** The same without the books of runs and log; `except`: edits that may be lost. */
export async function expectNothingLost(
  play: Interleaving,
  except: (edit: Edit) => boolean = () => false,
): Promise<void> {
  const { world } = play;
  expect(await differences(play)).toEqual([]);
  expect(await unenforced(play)).toEqual([]);
  expect(blankedOver(play)).toEqual([]);
  expect((await lostEdits(play)).filter((edit) => !except(edit))).toEqual([]);
  expect(await oneWayFaults(play)).toEqual([]);
  expect(play.surprises).toEqual([]);
  expect(writtenWhileAbsent(play)).toEqual([]);
  expect((await world.links()).filter((link) => link.state !== 'active')).toEqual([]);
  const writes = world.crm.written.length + world.erp.written.length;
  await world.compare();
  await world.drain();
  await world.quiesce();
  expect(world.crm.written.length + world.erp.written.length - writes).toBe(0);
  const runs = await world.runs();
  expect(runs.filter((run) => !hasEnded(run.state) || run.state === 'failed').map((run) => run.id)).toEqual([]);
  const due = await world.quiet.dueItems.list(tenantId, connectionId, 100);
  expect(due.items).toEqual([]);
}
