// Which folder may import what, types included (docs/architecture.md). test/architecture/dependencies.test.ts holds the
// tree to it and breaks each rule once to see it fail. Reads TypeScript with swc: TypeScript 7 has no API to read it with.

const ours = '^(functions|lib|local|cli|console|bench|test)/';

/** @param {string[]} names */
const functionsFolders = (...names) => `^functions/(${names.join('|')})/`;
/** @param {string[]} names */
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

/**
 * Every folder of functions/, what it may import of the others, and why no more: what comes first knows nothing of what
 * comes later.
 * @type {[folder: string, others: string[], why: string][]}
 */
const order = [
  ['core', [], 'The rules of the merge are tested without a store, a clock or a network.'],
  ['ports', ['core'], 'An interface in words of the core can be kept by any adapter.'],
  ['sync', ['core', 'ports'], 'The engine stays whole whatever people can do with it.'],
  ['features', ['core', 'ports', 'sync'], 'What people do is the same over HTTP, from a command and in a test.'],
  [
    'http',
    ['core', 'ports', 'sync', 'features'],
    'The API is one way in; it does not know the queues or how it is wired.',
  ],
  ['queue', ['core', 'ports', 'sync', 'features'], 'The batch chain is the other way in; it does not know the API.'],
  ['adapters', ['core', 'ports'], 'An adapter keeps a port; what it is used for is not its business.'],
  [
    'wiring',
    ['core', 'ports', 'sync', 'features', 'http', 'queue', 'adapters'],
    'Wiring puts parts together; handlers, commands and tests start from it.',
  ],
  [
    'handlers',
    ['core', 'ports', 'sync', 'features', 'http', 'queue', 'wiring'],
    'Each handler is bundled by itself: what two of them share belongs further in. Adapters come through the wiring.',
  ],
];

export const functionsFolderNames = order.map(([folder]) => folder);

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const inwards = order.map(([folder, others, why]) => ({
  name: `${folder}-imports-inwards`,
  comment: why,
  severity: 'error',
  from: { path: functionsFolders(folder) },
  to: {
    path: '^functions/',
    // Handlers do not import each other; adapters have a rule of their own for each other.
    pathNot: functionsFolders(...others, ...(folder === 'handlers' ? [] : [folder])),
  },
}));

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  ...inwards,
  {
    name: 'no-circle',
    comment: 'Files in a circle can only be understood, tested and moved together; a circle of types is one too.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-import-of-nothing',
    comment: 'No rule sees where an import leads that leads nowhere.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'core-is-pure',
    comment: 'Same input, same result: no I/O, clock or chance. Zod says what the model is made of.',
    severity: 'error',
    from: { path: '^functions/core/', pathNot: '^functions/core/values/fingerprint\\.ts$' },
    to: { dependencyTypesNot: ['local'], pathNot: packages('zod') },
  },
  {
    name: 'fingerprint-only-hashes',
    comment: 'A hash is deterministic and has no effect, so this one file of the core may import it.',
    severity: 'error',
    from: { path: '^functions/core/values/fingerprint\\.ts$' },
    to: { dependencyTypesNot: ['local'], pathNot: '^(node:)?crypto$' },
  },
  {
    name: 'ports-and-sync-are-plain',
    comment: 'Stores, systems, time and chance reach the engine through ports, so that tests can stop it anywhere.',
    severity: 'error',
    from: { path: functionsFolders('ports', 'sync') },
    to: { dependencyTypesNot: ['local'], pathNot: packages('zod') },
  },
  {
    name: 'features-are-plain',
    comment: 'As for the engine; keys are made and compared with what Node has for secrets.',
    severity: 'error',
    from: { path: '^functions/features/' },
    to: { dependencyTypesNot: ['local'], pathNot: [packages('zod'), '^(node:)?crypto$'] },
  },
  {
    name: 'adapters-alone-know-services',
    comment: 'A vendor or an AWS service is replaced, upgraded and doubled in one place; the wiring makes the clients.',
    severity: 'error',
    from: { path: functionsFolders('http', 'queue', 'handlers') },
    to: { path: packages('@aws-sdk', '@aws-lambda-powertools', '@smithy', 'jose', 'ipaddr\\.js') },
  },
  {
    name: 'vendors-do-not-meet',
    comment: 'A vendor can be taken out or added without reading another; all share what HTTP has in common.',
    severity: 'error',
    from: { path: '^functions/adapters/((?:crm|erp)/[^/]+|[^/]+)/' },
    to: { path: '^functions/adapters/', pathNot: ['^functions/adapters/$1/', '^functions/adapters/http/'] },
  },
  {
    name: 'vendors-are-known-to-the-list',
    comment: 'A vendor is a folder and an entry in the list: nothing else has to change when one comes or goes.',
    severity: 'error',
    from: { path: '^functions/', pathNot: '^functions/(adapters/|wiring/record-systems\\.ts$)' },
    to: { path: '^functions/adapters/(crm|erp)/' },
  },
  {
    name: 'vendors-have-one-door',
    comment: 'What stands behind a connector may be rewritten without a look at the wiring.',
    severity: 'error',
    from: { path: '^functions/wiring/' },
    to: { path: '^functions/adapters/(crm|erp)/', pathNot: '/connector\\.ts$' },
  },
  {
    name: 'wiring-alone-makes-adapters',
    comment: 'Who wants to know what runs against what reads one folder.',
    severity: 'error',
    from: { path: '^(local|cli|console)/' },
    to: { path: '^functions/adapters/' },
  },
  {
    name: 'doubles-are-for-tests',
    comment: 'Data kept in memory is lost with the instance.',
    severity: 'error',
    from: { pathNot: ['^(test|bench)/', '^functions/adapters/memory/'] },
    to: { path: '^functions/adapters/memory/' },
  },
  {
    name: 'environment-is-plain',
    comment: 'Infrastructure takes its types: they must not bring the runtime along.',
    severity: 'error',
    from: { path: '^functions/wiring/env\\.ts$' },
    to: { pathNot: packages('zod') },
  },
  {
    name: 'registry-is-data',
    comment: 'Infrastructure and OpenAPI read it; what it imported would run there too.',
    severity: 'error',
    from: { path: '^functions/http/registry\\.ts$' },
    to: { dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'runtime-stands-alone',
    comment: 'What is deployed knows neither how it is deployed nor who uses, tries or tests it.',
    severity: 'error',
    from: { path: '^functions/' },
    to: { path: ours, pathNot: '^functions/' },
  },
  {
    name: 'runtime-needs-no-tool',
    comment: 'A development dependency is not there at run time; its types are gone by then.',
    severity: 'error',
    from: { path: '^functions/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'infrastructure-shares-little',
    comment:
      'Synthesis runs no runtime code: it reads the routes, the numbers both must agree on, and types of variables.',
    severity: 'error',
    from: { path: '^lib/' },
    to: {
      path: ours,
      pathNot: ['^lib/', '^functions/core/timing/', '^functions/http/registry\\.ts$', '^functions/wiring/env\\.ts$'],
    },
  },
  {
    name: 'infrastructure-takes-types-of-variables',
    comment: 'The variables are checked when they are compiled, and parsed only where they are read.',
    severity: 'error',
    from: { path: '^lib/' },
    to: { path: '^functions/wiring/env\\.ts$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'commands-act-through-wiring',
    comment: 'A command does what a feature does, with the adapters that the wiring makes.',
    severity: 'error',
    from: { path: '^cli/' },
    to: {
      path: ours,
      pathNot: ['^cli/', functionsFolders('core', 'ports', 'sync', 'features', 'wiring', 'adapters')],
    },
  },
  {
    name: 'console-takes-types',
    comment: 'The console talks to the API; code of the service must not reach a browser.',
    severity: 'error',
    from: { path: '^console/' },
    to: { path: ours, pathNot: '^console/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'simulator-is-independent',
    comment: 'It would agree with our mistakes if it shared the code that makes them.',
    severity: 'error',
    from: { path: '^local/crm-simulator/' },
    to: { path: ours, pathNot: '^local/' },
  },
  {
    name: 'only-tests-import-tests',
    comment: 'Tests may be changed for the sake of a test.',
    severity: 'error',
    from: { path: '^(local|bench)/', pathNot: '^local/crm-simulator/' },
    to: { path: '^test/' },
  },
];

export default {
  forbidden,
  options: {
    parser: /** @type {const} */ ('swc'),
    // Imports of types too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // As this tree imports: packages that offer modules only are found too.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
    // Made at run time, bundles among it.
    exclude: { path: '(^|/)(\\.state[^/]*|cdk\\.out)/' },
  },
};
