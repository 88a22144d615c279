import type { Mutant } from './mutant.ts';

const core = 'test/core/merge/resync.test.ts';
const runs = 'test/sync/resync.test.ts';
const file = 'functions/core/merge/plan-resync.ts';

/** Runs in which one side wins. */
export const resyncMutants: readonly Mutant[] = [
  {
    id: 'resync-logs-no-loser',
    rule: 'M29',
    file,
    find: "write(facts, side, 'resync', mark, losing(facts, winner))",
    replace: "write(facts, side, 'resync', mark)",
    killedBy: [core, runs],
  },
  {
    id: 'resync-against-the-mapping',
    rule: 'M29',
    file,
    find: '!goesThere || differing.length === 0',
    replace: 'differing.length === 0',
    killedBy: [core],
  },
  {
    id: 'resync-over-a-choice',
    rule: 'M29',
    file,
    find: ' || (!state.agreed && choices[field])',
    replace: '',
    killedBy: [core],
  },
  {
    id: 'resync-of-what-was-dropped',
    rule: 'M29',
    file,
    find: "state.held === 'dropped' || ",
    replace: '',
    killedBy: [core],
  },
  {
    id: 'resync-of-half-a-value',
    rule: 'M29',
    file,
    find: 'keepBlanksBack(wholeOrNothing(plans), noBlanks)',
    replace: 'keepBlanksBack(plans, noBlanks)',
    killedBy: [core],
  },
  {
    id: 'resync-with-blanks-all-the-same',
    rule: 'M30',
    file,
    find: 'keepBlanksBack(wholeOrNothing(plans), noBlanks)',
    replace: 'wholeOrNothing(noBlanks ? plans : [...plans])',
    killedBy: [core, runs],
  },
  {
    id: 'resync-withheld-and-forgotten',
    rule: 'M33',
    file,
    find: 'return group.some(waits) ? { winner, noBlanks: false } : undefined;',
    replace: 'return group.some(waits) && undefined;',
    killedBy: [runs],
  },
  {
    id: 'resync-withheld-as-any',
    rule: 'M33',
    file: 'functions/sync/guards/guarded.ts',
    find: "fields.find(({ rule }) => rule === 'resync')?.write",
    replace: 'fields.find(() => false)?.write',
    killedBy: [runs],
  },
  {
    id: 'resync-left-of-a-value',
    rule: 'M33',
    file,
    find: 'fields.includes(facts.field) && isLeft(facts)',
    replace: 'fields.length > 0 && true',
    killedBy: [runs],
  },
  {
    id: 'resync-of-the-wrong-side',
    rule: 'M29',
    file: 'functions/core/model/run.ts',
    find: "winner: kind === 'resync-from-crm' ? 'crm' : 'erp'",
    replace: "winner: kind === 'resync-from-crm' ? 'erp' : 'crm'",
    killedBy: [runs],
  },
  {
    id: 'resync-planned-as-a-comparison',
    rule: 'M29',
    file: 'functions/sync/look/look-round.ts',
    find: '      resync: resyncOfLink(round.resync, link, round.engine.runtime.nowMs()),\n',
    replace: '',
    killedBy: [runs],
  },
  {
    id: 'resync-dry-planned-as-a-comparison',
    rule: 'M29',
    file: 'functions/sync/look/dry-look.ts',
    find: '    resync: resyncOfLink(look.resync, link, engine.runtime.nowMs()),\n',
    replace: '',
    killedBy: [runs],
  },
];
