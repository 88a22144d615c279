import type { Mutant } from './mutant.ts';

const suites = ['test/contract/stores.test.ts'];
const released = 'test/sync/released-links.test.ts';
const api = 'test/features/mappings/list-mappings.test.ts';
const partyItems = 'test/adapters/erp/tryton/fields/party-items.test.ts';
const missing = 'test/adapters/erp/tryton/write/missing-items.test.ts';
const copies = 'test/features/connections/copy-connection.test.ts';
const proposals = 'test/core/mapping/propose-pairs.test.ts';

const fieldPlan = 'functions/core/merge/field-plan.ts';
const waitingLinks = 'functions/adapters/aws/dynamodb/links/waiting-links.ts';
const waitingPage = 'functions/sync/detect/waiting-page.ts';
const pairings = 'functions/adapters/aws/dynamodb/set-up/list-pairings.ts';
const saving = 'functions/features/mappings/save-list-mappings.ts';
const faults = 'functions/core/mapping/list-faults.ts';

export const listMutants: readonly Mutant[] = [
  {
    id: 'list-any-pair-tries-again',
    rule: 'Y1',
    file: fieldPlan,
    find: 'const rules = writingRules(of.mapped, itemPairOf(of, side));',
    replace: 'const rules = writingRules(of.mapped);',
    killedBy: [released],
  },
  {
    id: 'list-own-pair-tries-nothing',
    rule: 'Y1',
    file: fieldPlan,
    find: 'return other === undefined ? {} : { [item]: other };',
    replace: 'return {};',
    killedBy: [released],
  },
  {
    id: 'list-disconnected-link-waits',
    rule: 'Y2',
    file: 'functions/core/model/waiting-link.ts',
    find: "if (state === 'disconnected') return [];",
    replace: '',
    killedBy: [...suites, released],
  },
  {
    id: 'list-other-value-waits-for-the-first',
    rule: 'Y2',
    file: waitingLinks,
    find: 'if (sameContent(waitsOf(before), waits)) return [];',
    replace: 'if (waitsOf(before).length === waits.length) return [];',
    killedBy: [...suites, released],
  },
  {
    id: 'list-mapped-items-counted',
    rule: 'Y2',
    file: 'functions/features/mappings/unmapped-items.ts',
    find: 'isMapped ? [] : [{',
    replace: '[{',
    killedBy: [api],
  },
  {
    id: 'list-all-who-wait-released',
    rule: 'Y3',
    file: waitingPage,
    find: 'page.items.filter(isMappedByNow(setup)).map(',
    replace: 'page.items.map(',
    killedBy: [released],
  },
  {
    id: 'list-nobody-released',
    rule: 'Y3',
    file: 'functions/sync/runs/chains.ts',
    find: "setup.lists.mappedAt === undefined ? [] : ['waiting']",
    replace: '[] as string[]',
    killedBy: [released],
  },
  {
    id: 'list-idle-poll-forgets-the-release',
    rule: 'Y3',
    file: 'functions/sync/runs/idle-look.ts',
    find: 'if (lists.mappedAt !== undefined) return undefined;',
    replace: '',
    killedBy: ['test/sync/released-links.test.ts'],
  },
  {
    id: 'list-release-ends-at-once',
    rule: 'Y4',
    file: waitingPage,
    find: 'Date.parse(mappedAt) + settings.leaseMs ? revision',
    replace: 'Date.parse(mappedAt) ? revision',
    killedBy: [released],
  },
  {
    id: 'list-pair-changed-while-active',
    rule: 'Y5',
    file: saving,
    find: 'now.get(erpItem) !== crmItem',
    replace: '!now.has(erpItem)',
    killedBy: [api],
  },
  {
    id: 'list-pairs-stored-in-any-state',
    rule: 'Y5',
    file: pairings,
    find: 'set: state, when: { equals: state } }]',
    replace: 'set: state }]',
    killedBy: suites,
  },
  {
    id: 'list-shared-though-written-to-the-erp',
    rule: 'Y6',
    file: faults,
    find: 'duplicates(pairs, toErp === undefined)',
    replace: 'duplicates(pairs, true)',
    killedBy: [api],
  },
  {
    id: 'list-activated-though-shared',
    rule: 'Y6',
    file: faults,
    find: 'return duplicates(pairs, false).map(',
    replace: 'return duplicates(pairs, true).map(',
    killedBy: [api],
  },
  {
    id: 'list-ambiguous-text-proposed',
    rule: 'Y7',
    file: 'functions/core/mapping/propose-pairs.ts',
    find: 'text && one && !another',
    replace: 'text && one',
    killedBy: [proposals],
  },
  {
    id: 'list-left-out-paired-again',
    rule: 'Y7',
    file: 'functions/core/mapping/list-pairing.ts',
    find: '...Object.keys(pairs), ...leftOut',
    replace: '...Object.keys(pairs)',
    killedBy: [proposals, api],
  },
  {
    id: 'list-torn-read-believed',
    rule: 'Y8',
    file: pairings,
    find: 'if (all.length < parts) return undefined;',
    replace: '',
    killedBy: suites,
  },
  {
    id: 'list-first-of-several-categories',
    rule: 'T17',
    file: 'functions/adapters/erp/tryton/fields/party-items.ts',
    find: 'severalItems(ids)',
    replace: 'String(ids[0])',
    killedBy: [partyItems],
  },
  {
    id: 'list-several-items-are-one',
    rule: 'T17',
    file: 'functions/core/values/several-items.ts',
    find: 'keys.join(between)',
    replace: 'String(keys[0])',
    killedBy: [partyItems],
  },
  {
    id: 'list-role-taken-for-a-category',
    rule: 'T17',
    file: 'functions/adapters/erp/tryton/fields/party-items.ts',
    find: "    .filter(({ name }) => !roles.includes(name ?? ''))\n",
    replace: '',
    killedBy: [partyItems],
  },
  {
    id: 'list-missing-item-written',
    rule: 'T18',
    file: 'functions/adapters/erp/tryton/write/missing-items.ts',
    find: 'leftOutTwice(models, list.model, asked)) missing.add',
    replace: 'leftOutTwice(models, list.model, asked)) if (id === 0) missing.add',
    killedBy: [missing],
  },
  {
    id: 'list-text-taken-for-an-item',
    rule: 'C15',
    file: 'functions/adapters/crm/superoffice/fields/canonical.ts',
    find: "if (id === undefined) throw new SyncError('transient', 'The CRM shows a list item without its id.');",
    replace: 'if (id === undefined) return String(raw);',
    killedBy: ['test/adapters/crm/superoffice/fields/canonical.test.ts'],
  },
  {
    id: 'list-absent-item-taken-for-a-blank',
    rule: 'C15',
    file: 'functions/adapters/crm/superoffice/read/item-rows.ts',
    find: 'if (raw !== undefined) return [column, raw];',
    replace: 'return [column, raw];',
    killedBy: ['test/adapters/crm/superoffice/read/item-rows.test.ts'],
  },
  {
    id: 'list-copied-pairs-of-other-items',
    rule: 'Y9',
    file: 'functions/features/connections/copied-pairs.ts',
    find: 'return sameItems(pairing, ...items);',
    replace: 'return items ? pairing : pairing;',
    killedBy: [copies],
  },
  {
    id: 'list-copied-pairs-forgotten',
    rule: 'Y9',
    file: 'functions/features/connections/create-connection.ts',
    find: 'after.length > 0 ? { lists } : undefined',
    replace: 'undefined',
    killedBy: [copies],
  },
  {
    id: 'list-copied-pairs-not-written',
    rule: 'Y9',
    file: 'functions/adapters/aws/dynamodb/set-up/connections.ts',
    find: '...(lists ? listPairWrites(lists) : []), ',
    replace: '',
    killedBy: [...suites, copies],
  },
  {
    id: 'list-same-key-taken-for-the-same-item',
    rule: 'Y9',
    file: 'functions/core/mapping/list-pairing.ts',
    find: 'texts.get(key) === text',
    replace: 'texts.has(key)',
    killedBy: [copies],
  },
];
