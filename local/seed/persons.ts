import { readRows } from './read-rows.ts';

/** A contact person of a company, in both systems of the demo; a blank field is ''. */
export interface Person {
  ref: string;
  /** `ref` of the company. */
  company: string;
  firstName: string;
  lastName: string;
  code: string;
  phone: string;
  mobile: string;
  email: string;
}

const COLUMNS = ['ref', 'company', 'firstName', 'lastName', 'code', 'phone', 'mobile', 'email'] as const;

export const persons: readonly Person[] = readRows('persons.csv', COLUMNS);

/** An ERP party has one name. */
export function fullName({ firstName, lastName }: Person): string {
  return `${firstName} ${lastName}`;
}

/** The CRM keeps the words before the family name (`van der`) in a field of their own. */
export function crmName({ firstName, lastName }: Person) {
  const words = lastName.split(' ');
  return { firstName, middleName: words.slice(0, -1).join(' '), lastName: words.at(-1) ?? '' };
}
