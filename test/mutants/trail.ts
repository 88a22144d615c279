import type { Mutant } from './mutant.ts';

const suites = ['test/contract/stores.test.ts'];
const trail = 'test/features/audit/trail.test.ts';

export const trailMutants: readonly Mutant[] = [
  {
    id: 'trail-first-part-alone',
    rule: 'U1',
    file: 'functions/adapters/aws/dynamodb/set-up/audit.ts',
    find: 'trail.map((entry) =>',
    replace: 'trail.slice(0, 1).map((entry) =>',
    killedBy: suites,
  },
  {
    id: 'trail-operator-for-all',
    rule: 'U1',
    file: 'functions/features/audit/trail-of.ts',
    find: ": { kind: 'api-key', id: caller, name }, from }",
    replace: ": { kind: 'operator' }, from }",
    killedBy: [trail],
  },
  {
    id: 'trail-connection-change-untold',
    rule: 'U1',
    file: 'functions/adapters/aws/dynamodb/set-up/connections.ts',
    find: 'withName(table, holder(connection), move, { change, along: trailWrites(trail) })',
    replace: 'withName(table, holder(connection), move, { change, along: [] })',
    killedBy: [...suites, trail],
  },
  {
    id: 'trail-tenant-made-untold',
    rule: 'U1',
    file: 'functions/adapters/aws/dynamodb/set-up/tenants.ts',
    find: '        ...trailWrites(trail),\n',
    replace: '',
    killedBy: [...suites, trail],
  },
  {
    id: 'trail-told-though-refused',
    rule: 'U1',
    file: 'functions/adapters/aws/dynamodb/table/replace-item.ts',
    find: 'table.transact([write, ...along])',
    replace: 'table.transact([write]).then(async (done) => (await table.transact(along), done))',
    killedBy: suites,
  },
  {
    id: 'trail-address-left-out',
    rule: 'U1',
    file: 'functions/http/chain/principal.ts',
    find: ', from: request.event.requestContext.http.sourceIp',
    replace: '',
    killedBy: [trail],
  },
  {
    id: 'trail-new-password-unseen',
    rule: 'U2',
    file: 'functions/core/audit/set-up-states.ts',
    find: 'Object.fromEntries(secrets.map((name) => [name, setAnew]))',
    replace: '{}',
    killedBy: ['test/core/audit/changes-between.test.ts', trail],
  },
  {
    id: 'mapping-version-not-written',
    rule: 'U3',
    file: 'functions/adapters/aws/dynamodb/set-up/mapping-versions.ts',
    find: 'if (!version) return [];',
    replace: 'if (version) return [];',
    killedBy: [...suites, 'test/features/mappings/mapping-versions.test.ts'],
  },
  {
    id: 'mapping-version-lost-at-refresh',
    rule: 'U3',
    file: 'functions/features/systems/refresh-setup.ts',
    find: '    ...(known ?? unknown),\n',
    replace: '    ...(known ?? unknown),\n    mappingVersion: undefined,\n',
    killedBy: ['test/features/mappings/mapping-versions.test.ts'],
  },
  {
    id: 'mapping-version-not-logged',
    rule: 'U3',
    file: 'functions/sync/look/record-step.ts',
    find: '    mappingVersion: actorTypeOf(context.setup, link.ends.erp.type)?.mappingVersion,\n',
    replace: '',
    killedBy: ['test/features/mappings/mapping-versions.test.ts'],
  },
];
