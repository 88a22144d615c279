import type { Mutant } from './mutant.ts';

const folder = 'functions/adapters/erp/tryton';
const tests = 'test/adapters/erp/tryton';
const lists = `${tests}/read/list-changes.test.ts`;

export const trytonMutants: readonly Mutant[] = [
  {
    id: 'tryton-hidden-is-missing',
    rule: 'T1',
    file: `${folder}/read/find-left-out.ts`,
    find: "if (error.kind === 'missing') return",
    replace: 'if (error instanceof SyncError) return',
    killedBy: [`${tests}/read/left-out.test.ts`],
  },
  {
    id: 'tryton-left-out-not-asked',
    rule: 'T1',
    file: `${folder}/read/find-left-out.ts`,
    find: 'if (ids.length === 0) return { records: [], missing: [], hidden: [] };',
    replace: 'if (ids.length >= 0) return { records: [], missing: ids, hidden: [] };',
    killedBy: [`${tests}/read/left-out.test.ts`],
  },
  {
    id: 'tryton-short-page-is-last',
    rule: 'T2',
    file: `${folder}/read/read-records.ts`,
    find: 'return page.length >= limit ||',
    replace: 'return page.length >= limit &&',
    killedBy: [lists],
  },
  {
    id: 'tryton-clock-only-forward',
    rule: 'T3',
    file: `${folder}/read/list-changes.ts`,
    find: 'if (behindMs <= longestStepBackMs) return behindMs;',
    replace: 'if (behindMs <= longestStepBackMs) return 0;',
    killedBy: [lists],
  },
  {
    id: 'tryton-clock-any-step',
    rule: 'T3',
    file: `${folder}/read/list-changes.ts`,
    find: 'const longestStepBackMs = 86_400_000;',
    replace: 'const longestStepBackMs = 864_000_000;',
    killedBy: [lists],
  },
  {
    id: 'tryton-merged-is-live',
    rule: 'T4',
    file: `${folder}/fields/party-table.ts`,
    find: "if (into !== null) return { kind: 'merged', into: String(into) };",
    replace: '',
    killedBy: [`${tests}/fields/party-standing.test.ts`],
  },
  {
    id: 'tryton-archived-is-live',
    rule: 'T4',
    file: `${folder}/fields/party-table.ts`,
    find: "return active ? undefined : { kind: 'archived' };",
    replace: 'return undefined;',
    killedBy: [`${tests}/fields/party-standing.test.ts`],
  },
  {
    id: 'tryton-name-shortened',
    rule: 'T5',
    file: `${folder}/fields/write-name.ts`,
    find: 'if ((!middle || losesFirst) && wordsOf(name).length < wordsOf(now).length) {',
    replace: 'if (wordsOf(name).length < 0) {',
    killedBy: [`${tests}/fields/write-name.test.ts`],
  },
  {
    id: 'tryton-second-first-name-dropped',
    rule: 'T5',
    file: `${folder}/fields/write-name.ts`,
    find: '(!middle || losesFirst)',
    replace: '!middle',
    killedBy: [`${tests}/fields/write-name.test.ts`],
  },
  {
    id: 'tryton-next-entry-moves-up',
    rule: 'T6',
    file: `${folder}/fields/party-children.ts`,
    find: 'if (others.length > 0) refuse',
    replace: 'if (others.length < 0) refuse',
    killedBy: [`${tests}/fields/party-children.test.ts`],
  },
  {
    id: 'tryton-address-doubled',
    rule: 'T7',
    file: `${folder}/fields/party-addresses.ts`,
    find: '} else if (servesBoth(chosen, changes)) {',
    replace: '} else if (servesBoth(chosen, {})) {',
    killedBy: [`${tests}/fields/party-addresses.test.ts`],
  },
  {
    id: 'tryton-lost-right-per-record',
    rule: 'T8',
    file: `${folder}/write/lost-right.ts`,
    find: 'if (write && locked.length === 0) return undefined;',
    replace: 'if (write || locked.length >= 0) return undefined;',
    killedBy: [`${tests}/write/lost-right.test.ts`],
  },
];
