import { expect, test } from 'vitest';
import { isInScope, type Person, type Scope } from '../../../functions/core/model/scope.ts';

const tom: Person = { role: 'user', user: { id: '5', name: 'Tom Berg', groups: ['2', '7'] } };

test.each<[Scope | undefined, boolean]>([
  [undefined, true],
  ['everyone', true],
  [{ users: ['5'], groups: [] }, true],
  [{ users: [], groups: ['7'] }, true],
  [{ users: ['2'], groups: ['5'] }, false],
  [{ users: [], groups: [] }, false],
])('a user is in the scope %j: %s', (scope, isIn) => {
  expect(isInScope(scope, tom)).toBe(isIn);
});

test('a scope limits neither who sets up nor the back end of the CRM', () => {
  const nobody = { users: [], groups: [] };
  expect(isInScope(nobody, { role: 'admin', user: { id: '9', name: 'Anna', groups: [] } })).toBe(true);
  expect(isInScope(nobody, { role: 'service' })).toBe(true);
});

test('who is no known user is in no scope that names somebody', () => {
  expect(isInScope({ users: [''], groups: [''] }, { role: 'user' })).toBe(false);
});
