import type { Mutant } from './mutant.ts';

const inSight = 'test/features/sessions/records-in-sight.test.ts';
const keptTest = 'test/features/access/kept-sight.test.ts';
const stores = 'test/contract/stores.test.ts';
const kept = 'functions/features/access/kept-sight.ts';
const userSight = 'functions/adapters/crm/superoffice/people/user-sight.ts';
const records = 'functions/features/sessions/records-in-sight.ts';
const sessions = 'functions/adapters/aws/dynamodb/set-up/sessions.ts';

const seen = 'test/features/access/sight.test.ts';

/** What a user of the CRM is shown of its records. */
export const sightMutants: readonly Mutant[] = [
  {
    id: 'sight-of-everything',
    rule: 'V10',
    file: 'functions/features/access/in-sight.ts',
    find: "if (role !== 'user' || records.length === 0) return () => true;",
    replace: "if (role !== 'none') return () => true;",
    killedBy: [seen],
  },
  {
    id: 'sight-in-lists-of-hidden-records',
    rule: 'V10',
    file: 'functions/features/access/within-sight.ts',
    find: 'links.filter((link) => sees(recordOf(link)))',
    replace: '[...links]',
    killedBy: [seen],
  },
  {
    id: 'sight-of-merged-records-alone',
    rule: 'V10',
    file: 'functions/features/access/within-sight.ts',
    find: 'crmKey: isMerged ? mergedInto : crm.key',
    replace: 'crmKey: crm.key',
    killedBy: [seen],
  },
  {
    id: 'sight-of-the-log-before-a-move',
    rule: 'V10',
    file: 'functions/features/change-log/list-field-changes.ts',
    find: 'items.filter(({ crmKey }) => crmKey === link?.ends.crm.key)',
    replace: 'link ? items : []',
    killedBy: [seen],
  },
  {
    id: 'sight-of-any-run',
    rule: 'V10',
    file: 'functions/features/access/within-sight.ts',
    find: 'return (await linksInSight(app, caller, links)).length === new Set(scope.linkIds).size;',
    replace: 'return links.length === new Set(scope.linkIds).size;',
    killedBy: [seen],
  },
  {
    id: 'sight-of-hidden-pairs',
    rule: 'V10',
    file: 'functions/features/access/ends-as-seen.ts',
    find: 'keys.filter((key) => !isHidden(key))',
    replace: 'keys',
    killedBy: [seen],
  },
  {
    id: 'sight-of-any-link-by-its-id',
    rule: 'V10',
    file: 'functions/features/access/guard-user.ts',
    find: 'for (const link of reached) found(ids.has(link.id) || undefined, what, id ?? link.id);',
    replace: '',
    killedBy: [seen],
  },
  {
    id: 'sight-of-another-user',
    rule: 'V10',
    file: kept,
    find: 'JSON.stringify([tenantId, userId, crmType, crmKey])',
    replace: 'JSON.stringify([tenantId, crmType, crmKey])',
    killedBy: [keptTest],
  },
  {
    id: 'sight-for-ever',
    rule: 'V10',
    file: kept,
    find: 'if (answer && askedAtMs < answer.untilMs)',
    replace: 'if (answer)',
    killedBy: [keptTest],
  },
  {
    id: 'sight-of-a-session-that-is-over',
    rule: 'V11',
    file: records,
    find: ' || hasEnded(session, app.runtime.nowMs())',
    replace: '',
    killedBy: [inSight],
  },
  {
    id: 'sight-of-nothing-where-nobody-answered',
    rule: 'V11',
    file: userSight,
    find: 'if (unclear) throw unclear.error;',
    replace: '',
    killedBy: [inSight],
  },
  {
    id: 'sight-of-all-where-all-is-refused',
    rule: 'V11',
    file: userSight,
    find: "if (error.kind === 'forbidden') return new Set();",
    replace: "if (error.kind === 'forbidden') return new Set(keys);",
    killedBy: [inSight],
  },
  {
    id: 'sight-out-for-an-old-token',
    rule: 'V11',
    file: records,
    find: "if (error.kind === 'unauthorised') return 'refused';",
    replace: "if (error.kind === 'unauthorised') return { refusal: 'ended' };",
    killedBy: [inSight],
  },
  {
    id: 'sight-by-a-spent-token',
    rule: 'V12',
    file: sessions,
    find: '        equals: { refreshToken },\n',
    replace: '',
    killedBy: [stores],
  },
  {
    id: 'sight-while-another-asks',
    rule: 'V12',
    file: sessions,
    find: "absent: askingUntilMs === undefined ? ['askingUntilMs'] : [],",
    replace: 'absent: [],',
    killedBy: [stores, inSight],
  },
  {
    id: 'sight-loses-another-token',
    rule: 'V12',
    file: 'functions/features/sessions/ask-of-user.ts',
    find: '{ ...answer, refreshToken: token }',
    replace: 'answer',
    killedBy: [inSight],
  },
];
