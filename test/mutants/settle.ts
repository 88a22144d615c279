import type { Mutant } from './mutant.ts';
import { people, settle as settles } from './tiers.ts';

const settle = 'functions/core/merge/settle.ts';

export const settleMutants: readonly Mutant[] = [
  {
    id: 'settle-never-done',
    rule: 'S1',
    file: settle,
    find: 'if (there) return',
    replace: 'if (there && !side) return',
    killedBy: [settles],
  },
  {
    id: 'settle-sides-inverted',
    rule: 'S7',
    file: settle,
    find: '(side === intended.side ? onItsSide : intended.source)',
    replace: '(side === intended.side ? intended.source : onItsSide)',
    killedBy: [settles],
  },
  {
    id: 'settle-version-ignored',
    rule: 'S2',
    file: settle,
    find: 'if (now.version !== intent.versions[side]) return false;',
    replace: '',
    killedBy: [settles],
  },
  {
    id: 'settle-young-stamp-trusted',
    rule: 'S2',
    file: settle,
    find: 'return now.changedAtMs !== undefined && now.changedAtMs + now.blurMs < intent.readAtMs[side];',
    replace: 'return true;',
    killedBy: [settles],
  },
  {
    id: 'settle-moved-value-ignored',
    rule: 'S3',
    file: settle,
    find: "sameValue(found, intended.replaces) ? 'unclear' : 'moved'",
    replace: "'unclear'",
    killedBy: [settles],
  },
  {
    id: 'settle-gone-forgotten',
    rule: 'S3',
    file: settle,
    find: "verdict: 'overtaken',\n      found: intended.sends,",
    replace: "verdict: 'not-done',\n      found: intended.sends,",
    killedBy: [settles],
  },
  {
    id: 'settle-gone-forgotten-in-histories',
    rule: 'S3',
    file: settle,
    find: "verdict: 'overtaken',\n      found: intended.sends,",
    replace: "verdict: 'not-done',\n      found: intended.sends,",
    killedBy: [people],
  },
  {
    id: 'settle-overtaken-not-done',
    rule: 'S3',
    file: settle,
    find: 'state: { ...before, overtaken } }',
    replace: 'state: before }',
    killedBy: [settles],
  },
];
