/** A user of the CRM as the tests may change them; `removed`: they are retired, and get in no more. */
export type Person = { groups: number[]; isAdministrator: boolean; removed: boolean };

/** An administrator, a sales person, and somebody in finance. */
export const newPeople = (): Map<number, Person> =>
  new Map([
    [10, { groups: [1], isAdministrator: true, removed: false }],
    [5, { groups: [2, 3], isAdministrator: false, removed: false }],
    [7, { groups: [3], isAdministrator: false, removed: false }],
  ]);

/** Access tokens of users, until when they are good; they do not survive a restart. */
export type AccessTokens = Map<string, { associateId: number; untilMs: number }>;
