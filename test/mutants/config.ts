import type { Mutant } from './mutant.ts';

const deaths = ['test/crash/config.test.ts'];
const names = ['test/contract/stores.test.ts'];
const refused = ['test/features/config/refused-config.test.ts'];

export const configMutants: readonly Mutant[] = [
  {
    id: 'config-connection-after-its-mappings',
    rule: 'Z1',
    file: 'functions/adapters/aws/dynamodb/set-up/connections.ts',
    find: 'const { ok } = await table.transact(refuseTooMany([write, ...types.writes, ...writesAlong(along)]));',
    replace:
      'await table.transact([...types.writes, ...writesAlong(along)]); const { ok } = await table.transact([write]);',
    killedBy: deaths,
  },
  {
    id: 'config-lists-left-out',
    rule: 'Z1',
    file: 'functions/features/config/store-connection.ts',
    find: 'after.length > 0 ? {',
    replace: 'after.length > 100 ? {',
    killedBy: deaths,
  },
  {
    id: 'config-secret-kept-anywhere',
    rule: 'Z2',
    file: 'functions/features/config/wanted-config.ts',
    find: '...(differs && connection ?',
    replace: '...(!differs && connection ?',
    killedBy: refused,
  },
  {
    id: 'config-two-files-at-once',
    rule: 'Z4',
    file: 'functions/features/config/apply-config.ts',
    find: 'if (!(await app.connections.takeFileTurn(tenantId, nowMs, untilMs))) {',
    replace: 'if (!(await app.connections.takeFileTurn(tenantId, nowMs, untilMs)) && untilMs < nowMs) {',
    killedBy: ['test/features/config/apply-config.test.ts'],
  },
  {
    id: 'config-turn-taken-over',
    rule: 'Z4',
    file: 'functions/adapters/aws/dynamodb/set-up/connections.ts',
    find: 'take({ below: { untilMs: nowMs + 1 } })',
    replace: 'take({ exists: true })',
    killedBy: ['test/features/config/apply-config.test.ts'],
  },
  {
    id: 'config-moved-without-its-secret',
    rule: 'Z3',
    file: 'functions/features/config/wanted-config.ts',
    find: 'isElsewhere && (isMoved || ',
    replace: 'isElsewhere && (',
    killedBy: refused,
  },
  {
    id: 'config-mapped-while-active',
    rule: 'Z3',
    file: 'functions/features/config/prepare-connection.ts',
    find: "if (!setup || setup.connection.state === 'inactive') return [];",
    replace: "if (!setup || setup.connection.state !== 'suspended') return [];",
    killedBy: refused,
  },
  {
    id: 'config-moved-before-it-is-tested',
    rule: 'Z3',
    file: 'functions/features/config/apply-config.ts',
    find: 'if (isHindered) {',
    replace: 'if (isHindered && !on.writes) {',
    killedBy: refused,
  },
  {
    id: 'config-name-taken-by-two',
    rule: 'Z5',
    file: 'functions/adapters/aws/dynamodb/set-up/name-claims.ts',
    find: '{ holderId: holder.id }), when: { exists: false } }',
    replace: '{ holderId: holder.id }) }',
    killedBy: names,
  },
  {
    id: 'config-name-never-given-up',
    rule: 'Z5',
    file: 'functions/adapters/aws/dynamodb/set-up/name-claims.ts',
    find: '...(isOwn ?',
    replace: '...(isOwn && takes !== undefined ?',
    killedBy: names,
  },
  {
    id: 'config-name-of-before-unseen',
    rule: 'Z5',
    file: 'functions/features/refuse-name-of.ts',
    find: 'if (holder) throw',
    replace: 'if (holder && kind === "connector") throw',
    killedBy: ['test/features/config/names.test.ts'],
  },
];
