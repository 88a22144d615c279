/** What people, programs and imports do on a normal day to all or some of the records, made from a number. */
import { noListMappings } from '../../functions/core/model/connection-setup.ts';
import type { Value } from '../../functions/core/values/value.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, type FieldSpec, tenantId, type World } from './world.ts';

export const fields: readonly FieldSpec[] = [
  ...['name', 'first', 'phone', 'street', 'oldStreet'].map((name): FieldSpec => ({ name, direction: 'both' })),
  ...['city', 'oldCity'].map((name): FieldSpec => ({ name, direction: 'both', start: 'Amsterdam' })),
  { name: 'terms', direction: 'both', start: '30 days' },
  { name: 'reviewed', direction: 'both', metadata: { type: 'date' }, start: null },
  { name: 'balance', direction: 'toCrm', metadata: { type: 'decimal' }, start: '0' },
  { name: 'group', direction: 'both', metadata: { type: 'list', listName: 'groups' }, start: 'g0' },
];

type Row = Readonly<Record<string, Value>>;

/** A normal day of a world of so many links; `pick` is any number, so that days differ. */
export interface Day {
  readonly world: World;
  readonly links: number;
  readonly pick: number;
}

function pseudo(pick: number, at: number): number {
  return (Math.imul(at + 1, 2_654_435_761) ^ Math.imul(pick + 7, 40_503)) >>> 0;
}

/** Nobody writes a record that is gone. */
function edit({ world }: Day, side: 'crm' | 'erp', at: number, row: Row): void {
  if (value(world, side, at, 'terms') === null) return;
  if (side === 'crm') world.crm.edit('contact', `c${at}`, row);
  else
    world.erp.edit(
      'party',
      `e${at}`,
      Object.fromEntries(Object.entries(row).map(([field, value]) => [field.toUpperCase(), value])),
    );
}

/** A share of the links that differs from day to day, up to all. */
function editMany(day: Day, side: 'crm' | 'erp', row: (at: number) => Row): void {
  const most = 1 + (day.pick % day.links);
  for (let at = 0; at < most; at += 1) edit(day, side, at, row(at));
}

function editFew(day: Day, side: 'crm' | 'erp', most: number, row: (at: number) => Row): void {
  for (let n = 0; n < Math.min(most, day.links); n += 1) {
    const at = (day.pick + n) % day.links;
    edit(day, side, at, row(at));
  }
}

function sideOf({ pick }: Day): 'crm' | 'erp' {
  return pick % 2 === 0 ? 'crm' : 'erp';
}

function dayOf({ pick }: Day): string {
  return `20${10 + (pick % 80)}-0${1 + (pick % 9)}-1${pick % 10}`;
}

function value(world: World, side: 'crm' | 'erp', at: number, field: string): Value {
  const values = side === 'crm' ? world.crm.valuesOf('contact', `c${at}`) : world.erp.valuesOf('party', `e${at}`);
  return values[side === 'crm' ? field : field.toUpperCase()] ?? null;
}

export const normalDays: Readonly<Record<string, (day: Day) => void>> = {
  'a person sets one payment term for many': (day) =>
    editMany(day, sideOf(day), () => ({ terms: `${14 + (day.pick % 9)} days` })),
  'a person sets one group for many': (day) => editMany(day, sideOf(day), () => ({ group: `g${day.pick % 12}` })),
  'an import brings a term of its own for each of a dozen groups': (day) =>
    editMany(day, 'erp', (at) => ({ terms: `${14 + (pseudo(day.pick, at) % 12)} days` })),
  'an import brings other phones and names': (day) =>
    editMany(day, sideOf(day), (at) => ({ phone: `+31 ${day.pick} ${at}`, name: `Name ${day.pick} ${at}` })),
  'an import brings other values in all texts': (day) =>
    editMany(day, 'erp', (at) => ({
      ...{ name: `N${day.pick}.${at}`, first: `F${day.pick}.${at}`, phone: `P${day.pick}.${at}` },
      ...{ street: `S${day.pick}.${at}`, city: `Town ${pseudo(day.pick, at) % 200}` },
    })),
  'many move, a fifth of them to the capital': (day) =>
    editMany(day, 'crm', (at) => {
      const town = pseudo(day.pick, at) % 50;
      return { street: `Road ${day.pick} ${at}`, city: town < 10 ? 'Amsterdam' : `Town ${town}` };
    }),
  'all addresses are kept as old ones, and new ones are entered': (day) =>
    editMany(day, 'erp', (at) => ({
      ...{ oldStreet: value(day.world, 'erp', at, 'street'), oldCity: value(day.world, 'erp', at, 'city') },
      ...{ street: `Lane ${day.pick} ${at}`, city: `Town ${pseudo(day.pick, at) % 60}` },
    })),
  'old addresses are made the same as the present ones': (day) =>
    editMany(day, 'crm', (at) => ({
      ...{ oldStreet: value(day.world, 'crm', at, 'street'), oldCity: value(day.world, 'crm', at, 'city') },
    })),
  'phones are written another way': (day) =>
    editMany(day, 'crm', (at) => ({ phone: `0${String(pseudo(day.pick, at)).padStart(10, '0')}` })),
  'a date is set for all that had dates of their own': (day) => {
    editMany(day, 'erp', (at) => ({ reviewed: `2026-1${at % 3}-${10 + (pseudo(day.pick, at) % 18)}` }));
    editMany(day, 'crm', () => ({ reviewed: dayOf(day) }));
  },
  'balances are settled': (day) =>
    editMany(day, 'erp', (at) => ({ balance: day.pick % 3 === 0 ? '0' : `${pseudo(day.pick, at) % 5_000}.50` })),
  'a few phones are taken away': (day) => editFew(day, sideOf(day), 8, () => ({ phone: null })),
  'a few records are deleted': (day) => {
    for (let n = 0; n < day.pick % 3; n += 1) day.world.erp.removeRecord('party', `e${(day.pick + n) % day.links}`);
  },
  'many records are archived and taken back': (day) => {
    const standing = day.pick % 2 === 0 ? ({ kind: 'archived' } as const) : undefined;
    for (let at = 0; at < day.links; at += 2) {
      if (value(day.world, 'erp', at, 'terms') !== null) day.world.erp.setStanding('party', `e${at}`, standing);
    }
  },
  'both sides edit the same and other fields': (day) => {
    editMany(day, 'crm', (at) => ({ name: `Crm ${day.pick} ${at}`, street: `Crm street ${day.pick} ${at}` }));
    editMany(day, 'erp', (at) => ({ name: `Erp ${day.pick} ${at}`, phone: `Erp phone ${day.pick} ${at}` }));
  },
  'a few first and last names are put in their places': (day) =>
    editFew(day, sideOf(day), 8, (at) => ({
      name: value(day.world, sideOf(day), at, 'first'),
      first: value(day.world, sideOf(day), at, 'name'),
    })),
  'a tenth of what an import brings is refused': (day) =>
    editMany(day, 'crm', (at) => ({ phone: `${day.pick} ${at}${pseudo(day.pick, at) % 10 === 0 ? ' refused' : ''}` })),
  'few send one and the same number': (day) => editFew(day, 'crm', 12, () => ({ phone: `+31 88 ${day.pick}` })),
};

/** The records of a list get other partners: a comparison brings them to all links. */
export async function pairLists({ world, pick }: Day): Promise<void> {
  const keys = Array.from({ length: 12 }, (_, at) => at);
  const pairs = Object.fromEntries(keys.map((at) => [`g${at}`, `g${pick % 5 === 0 ? (at + pick) % 12 : at}`]));
  const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
  const { listPairings: before = [], lists = noListMappings } = setup ?? {};
  const after = [{ tenantId, connectionId, erpList: 'groups', crmList: 'groups', pairs }];
  await world.quiet.connections.putListPairs({
    tenantId,
    connectionId,
    revision: lists.revision,
    before,
    after,
  });
}

/** As a day ends: a poll, now and then a comparison or a resync. */
export async function syncDay({ world, pick }: Day): Promise<void> {
  await world.poll();
  await world.drain();
  if (pick % 4 === 0) {
    await world.compare();
    await world.drain();
  }
  if (pick % 9 !== 0) return;
  const scope = { kind: 'connection' } as const;
  const kind = pick % 2 === 0 ? 'resync-from-crm' : 'resync-from-erp';
  await startRun(world.quiet, { tenantId, connectionId, kind, scope, trigger: { by: 'user' } });
  await world.drain();
}
