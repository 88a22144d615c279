import type { RecordName } from './conditions.ts';

/**
 * A user of the CRM as the tests may change them; `removed`: they are retired, and get in no more; `hidden`: records that
 * their rights keep from them.
 */
export type Person = { groups: number[]; isAdministrator: boolean; removed: boolean; hidden: RecordName[] };

/** An administrator, and a sales person. */
export const newPeople = (): Map<number, Person> =>
  new Map([
    [10, { groups: [1], isAdministrator: true, removed: false, hidden: [] }],
    [5, { groups: [2, 3], isAdministrator: false, removed: false, hidden: [] }],
  ]);

/** Access tokens of users, until when they are good; they do not survive a restart. */
export type AccessTokens = Map<string, { associateId: number; untilMs: number }>;
