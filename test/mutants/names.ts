import type { Mutant } from './mutant.ts';

const names = 'test/features/links/record-names.test.ts';

/** What the records of a link are called. */
export const namesMutants: readonly Mutant[] = [
  {
    id: 'names-of-no-look',
    rule: 'L37',
    file: 'functions/sync/look/as-named.ts',
    find: 'return { ...found, names };',
    replace: 'return found;',
    killedBy: [names],
  },
  {
    id: 'names-not-of-own-write',
    rule: 'L37',
    file: 'functions/core/merge/outcome.ts',
    find: "answer.outcome === 'ok' ? answer.name : undefined",
    replace: 'undefined',
    killedBy: [names],
  },
  {
    id: 'names-not-in-failure',
    rule: 'L37',
    file: 'functions/core/model/link-stand.ts',
    find: '{ ...open, ...pairOf(link) }',
    replace: 'open',
    killedBy: [names],
  },
  {
    id: 'names-of-record-left',
    rule: 'L37',
    file: 'functions/adapters/aws/dynamodb/links/link-claims.ts',
    find: '{ ...before.names, [side]: undefined }',
    replace: 'before.names',
    killedBy: [names],
  },
  {
    id: 'names-forgotten-where-none-is-shown',
    rule: 'L37',
    file: 'functions/core/model/record-names.ts',
    find: 'shortened(now.erp) ?? before.erp',
    replace: 'shortened(now.erp)',
    killedBy: [names, 'test/core/model/record-names.test.ts'],
  },
  {
    id: 'names-left-in-log',
    rule: 'U9',
    file: 'functions/adapters/aws/dynamodb/links/change-items.ts',
    find: 'const { crmName: _crm, erpName: _erp, ...nameless } = item;',
    replace: 'const nameless = item;',
    killedBy: [names, 'test/features/links/erase-record.test.ts'],
  },
];
