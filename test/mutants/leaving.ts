import type { Mutant } from './mutant.ts';

const feature = 'test/features/connections/purge-connection.test.ts';
const crash = 'test/crash/purge.test.ts';
const stores = 'test/contract/stores.test.ts';

export const leavingMutants: readonly Mutant[] = [
  {
    id: 'purge-before-its-time',
    rule: 'U4',
    file: 'functions/features/connections/purge-connection.ts',
    find: 'purgeAt === undefined || app.runtime.now() < purgeAt',
    replace: 'purgeAt === undefined',
    killedBy: [feature],
  },
  {
    id: 'purge-then-restored',
    rule: 'U4',
    file: 'functions/features/connections/connection-life.ts',
    find: 'if (connection.purging) {',
    replace: 'if (connection.purging && connection.state === undefined) {',
    killedBy: [feature],
  },
  {
    id: 'purge-message-unmarked',
    rule: 'U4',
    file: 'functions/sync/purge/purge-page.ts',
    find: 'if (!connection?.purging) return;',
    replace: 'if (!connection) return;',
    killedBy: [feature],
  },
  {
    id: 'purge-keeps-claims',
    rule: 'U5',
    file: 'functions/adapters/aws/dynamodb/purge/purge-link.ts',
    find: '...giveClaimsBack(link), ',
    replace: '',
    killedBy: [stores, feature],
  },
  {
    id: 'purge-keeps-place-in-list',
    rule: 'U5',
    file: 'functions/adapters/aws/dynamodb/purge/purge-link.ts',
    find: ', ...leaveCrmRecord(link, list)]',
    replace: ']',
    killedBy: [stores, feature],
  },
  {
    id: 'purge-keeps-log',
    rule: 'U5',
    file: 'functions/adapters/aws/dynamodb/purge/purge-link.ts',
    find: "['change#', 'planned#']",
    replace: "['planned#']",
    killedBy: [stores, feature],
  },
  {
    id: 'purge-keeps-secret',
    rule: 'U5',
    file: 'functions/features/connections/purge-connection.ts',
    find: '  await app.vault.remove(tenantId, id);\n',
    replace: '',
    killedBy: [feature],
  },
  {
    id: 'purge-keeps-failures',
    rule: 'U5',
    file: 'functions/adapters/aws/dynamodb/purge/purges.ts',
    find: "        deletePartition(table, { pk: failures, index: 'gsi2' }),\n",
    replace: '',
    killedBy: [stores, feature],
  },
  {
    id: 'purge-schedule-stays-for-ever',
    rule: 'U6',
    file: 'functions/features/connections/purge-connection.ts',
    find: 'if (!connection) return app.schedules.remove(tenantId, connectionId);',
    replace: 'if (!connection) return;',
    killedBy: [crash],
  },
  {
    id: 'purge-connection-before-its-links',
    rule: 'U6',
    file: 'functions/adapters/aws/dynamodb/purge/purges.ts',
    find: 'return !links && !runs;',
    replace: 'return !links || !runs;',
    killedBy: [crash, feature],
  },
  {
    id: 'purge-unmarked-connection-goes',
    rule: 'U6',
    file: 'functions/adapters/aws/dynamodb/purge/purges.ts',
    find: 'equals: { revision, purging: true }',
    replace: 'equals: { revision }',
    killedBy: [stores],
  },
];
