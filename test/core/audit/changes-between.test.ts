import { expect, test } from 'vitest';
import { changesBetween } from '../../../functions/core/audit/changes-between.ts';
import { connectionState } from '../../../functions/core/audit/set-up-states.ts';
import { aConnection, aConnector } from '../../contract/stores-fixtures.ts';

test('each value that differs is told by its path, what is equal is not', () => {
  const before = { name: 'One', config: { user: 'a', database: 'd' }, order: ['1', '2'], gone: true };
  const after = { name: 'One', config: { database: 'd', user: 'b' }, order: ['2', '1'], policy: { kind: 'ask' } };
  expect(changesBetween(before, after)).toEqual([
    { path: 'config.user', old: 'a', new: 'b' },
    { path: 'gone', old: true, new: undefined },
    { path: 'order', old: ['1', '2'], new: ['2', '1'] },
    { path: 'policy.kind', old: undefined, new: 'ask' },
  ]);
});

test('objects are followed as deep as asked for', () => {
  const [before, after] = [{ a: { b: { c: 1, d: 1 } } }, { a: { b: { c: 2, d: 1 } } }];
  expect(changesBetween(before, after)).toEqual([{ path: 'a.b', old: { c: 1, d: 1 }, new: { c: 2, d: 1 } }]);
  expect(changesBetween(before, after, 3)).toEqual([{ path: 'a.b.c', old: 1, new: 2 }]);
});

test('a whole thing comes and goes value by value', () => {
  expect(changesBetween(undefined, { name: 'One', config: { user: 'a' } })).toEqual([
    { path: 'config.user', old: undefined, new: 'a' },
    { path: 'name', old: undefined, new: 'One' },
  ]);
  expect(changesBetween({ name: 'One' }, undefined)).toEqual([{ path: 'name', old: 'One', new: undefined }]);
});

test('a password that was entered anew is told without being told', () => {
  const before = aConnection(aConnector('t'), { secretsSet: ['password'], secretVersion: 'one' });
  const after = { ...before, secretVersion: 'two' };
  expect(changesBetween(connectionState(before), connectionState(after, before))).toEqual([
    { path: 'config.password', old: { set: true }, new: { set: true, anew: true } },
  ]);
  expect(changesBetween(connectionState(before), connectionState(before, before))).toEqual([]);
});

test('a part is its own, however it is named', () => {
  for (const name of ['constructor', '__proto__']) {
    const after = Object.fromEntries([[name, 'a']]);
    expect(changesBetween({}, after)).toEqual([{ path: name, old: undefined, new: 'a' }]);
    expect(changesBetween(after, after)).toEqual([]);
  }
});
