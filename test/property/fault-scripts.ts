/** What goes wrong with whole systems: each named, with the kind of act that it comes to, and how it is put right. */
import type { ActKind } from '../../functions/core/model/brake.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { type FaultyWorld, type FaultyWorldOptions, links, rightValues } from './faulty-world.ts';
import { connectionId, tenantId } from './world.ts';

interface FaultScript {
  readonly name: string;
  readonly kind: ActKind;
  readonly options?: FaultyWorldOptions;
  /** Putting it right is such an act as well: a person has to let it through. */
  readonly mendingAsks?: boolean;
  /** Makes the fault, lets the engine meet it, and says how it is put right. */
  readonly play: (world: FaultyWorld) => Promise<() => void>;
}

/** Refusals are found message by message: a message sends all of its links at once. */
export const ofAMessage = 5;

type Fault = (play: FaultyWorld) => () => void;

/** Met by a comparison: no list of changes shows it. */
function compared(name: string, kind: ActKind, fault: Fault): FaultScript {
  return {
    name,
    kind,
    async play(play) {
      const mend = fault(play);
      await play.compare();
      return mend;
    },
  };
}

/** Met by a poll: records were written. */
function polled(name: string, kind: ActKind, fault: Fault, options?: FaultyWorldOptions): FaultScript {
  return {
    ...{ name, kind, options, mendingAsks: kind === 'swaps' },
    async play(play) {
      const mend = fault(play);
      await play.poll();
      return mend;
    },
  };
}

type Side = 'crm' | 'erp';

/** An import that makes the same of every record; put right by one with the right values. */
function importing(
  name: string,
  kind: ActKind,
  side: Side,
  made: (row: ReturnType<typeof rightValues>, at: number) => Record<string, string | null>,
): FaultScript {
  return polled(name, kind, (play) => {
    play.import(side, (at) => made(rightValues(at), at));
    return () => play.import(side, rightValues);
  });
}

function text(value: unknown): string {
  return String(value);
}

function hiding(name: string, side: Side, hidden: readonly string[]): FaultScript {
  return compared(name, 'blanks', (play) => {
    play[`${side}Hides`] = hidden;
    return () => {
      play[`${side}Hides`] = [];
    };
  });
}

function gone(name: string, side: Side, which: (at: number) => boolean = () => true): FaultScript {
  return compared(name, 'breaks', (play) => {
    play.remove(side, which);
    return () => play.import(side, rightValues, which);
  });
}

/** New values of the CRM that the ERP refuses; put right, people enter them anew. */
function refusing(name: string, refused: readonly string[], namesRefused = true): FaultScript {
  const fault: Fault = (play) => {
    play.refused = refused;
    play.import('crm', (at) => ({ phone: `+31 30 ${at}`, name: `New ${at}` }));
    return () => {
      play.refused = [];
      play.import('crm', (at) => ({ phone: `+31 40 ${at}`, name: `Newer ${at}` }));
    };
  };
  return polled(name, 'refusals', fault, { namesRefused, pageSize: ofAMessage });
}

export const faultScripts: readonly FaultScript[] = [
  gone('a record rule hides most rows of the ERP', 'erp', (at) => at % 4 > 0),
  gone('an empty database is restored in place of the ERP', 'erp'),
  gone('all companies are deleted in the CRM', 'crm'),
  compared('the ERP answers every read with nothing', 'breaks', (play) => play.emptyReads('erp')),
  compared('the CRM answers every read with nothing', 'breaks', (play) => play.emptyReads('crm')),
  polled('every party is merged into one', 'breaks', (play) => {
    const set = (standing: { kind: 'merged'; into: string } | undefined) => {
      for (let at = 1; at < links; at += 1) play.world.erp.setStanding('party', `e${at}`, standing);
    };
    set({ kind: 'merged', into: 'e0' });
    return () => set(undefined);
  }),
  compared(
    'the connection is led to another company, which has few of the keys, with other numbers',
    'breaks',
    (play) => {
      play.remove('erp', (at) => at > 2);
      play.import(
        'erp',
        (at) => ({ phone: `+44 ${at}` }),
        (at) => at <= 2,
      );
      return () => play.import('erp', rightValues);
    },
  ),
  hiding('a lost right hides a field of the ERP', 'erp', ['PHONE']),
  hiding('a lost right hides a field of the CRM', 'crm', ['street']),
  hiding('a lost right hides all fields of the ERP but the name', 'erp', ['PHONE', 'STREET', 'CITY', 'NOTE']),
  importing('an import blanks a column of the ERP', 'blanks', 'erp', () => ({ phone: null })),
  importing('an import blanks a column of the CRM', 'blanks', 'crm', () => ({ note: null })),
  importing('all names are trimmed to nothing', 'blanks', 'erp', () => ({ name: '   ' })),
  importing('an import blanks all columns', 'blanks', 'erp', () => ({
    ...{ name: null, phone: null, street: null, city: null, note: null },
  })),
  {
    name: 'a resync from an ERP that lost a column',
    kind: 'blanks',
    async play(play) {
      play.erpHides = ['NOTE'];
      const scope = { kind: 'connection' } as const;
      const asked = { tenantId, connectionId, kind: 'resync-from-erp', scope } as const;
      await startRun(play.world.quiet, { ...asked, trigger: { by: 'user' } });
      await play.world.drain();
      return () => {
        play.erpHides = [];
      };
    },
  },
  importing('an import puts one number on everybody', 'uniform', 'erp', () => ({ phone: '+31 20 999' })),
  importing('an import puts one name on everybody, in the CRM', 'uniform', 'crm', () => ({ name: 'TEST' })),
  importing('an import puts one of two names on everybody', 'uniform', 'erp', (_, at) => ({
    name: at % 2 === 0 ? 'TEST' : 'DUMMY',
  })),
  importing('an import writes n/a into all columns', 'uniform', 'erp', () => ({
    ...{ name: 'n/a', phone: 'n/a', street: 'n/a', note: 'n/a' },
  })),
  importing('an import writes one note in place of all, beside right values', 'uniform', 'erp', (_, at) => ({
    ...{ phone: `+31 50 ${at}`, note: 'imported' },
  })),
  importing('an import exchanges two columns', 'swaps', 'erp', (row) => ({
    name: text(row.street),
    street: text(row.name),
  })),
  importing('an import exchanges two columns of the CRM', 'swaps', 'crm', (row) => ({
    phone: text(row.note),
    note: text(row.phone),
  })),
  importing('an import shifts the columns to the right', 'swaps', 'erp', (row) => ({
    ...{ name: 'x', phone: text(row.name), street: text(row.phone), note: text(row.street) },
  })),
  importing('an import shifts the columns to the left', 'swaps', 'erp', (row) => ({
    ...{ name: text(row.phone), phone: text(row.street), street: text(row.note), note: null },
  })),
  importing('an import turns three columns round', 'swaps', 'crm', (row) => ({
    ...{ name: text(row.street), street: text(row.note), note: text(row.name) },
  })),
  refusing('a new rule of the ERP refuses a field of everybody', ['PHONE']),
  refusing('a new mandatory field makes the ERP refuse all that is sent', ['PHONE', 'NAME']),
  refusing('the ERP refuses a field of everybody and does not say which', ['PHONE'], false),
  polled(
    'our user may write no record of the ERP any more',
    'refusals',
    (play) => {
      const allow = play.forbidWrites();
      play.import('crm', (at) => ({ phone: `+31 30 ${at}` }));
      return () => {
        allow();
        play.import('crm', (at) => ({ phone: `+31 40 ${at}` }));
      };
    },
    { pageSize: ofAMessage },
  ),
];
