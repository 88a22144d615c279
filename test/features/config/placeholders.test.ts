import { expect, test } from 'vitest';
import { placeholdersFor } from '../../../functions/features/config/placeholders.ts';

function variablesOf(names: readonly string[], key = 'password'): Map<string, string> {
  const secrets = names.map((connection) => ({ connection, key }));
  const placeholder = placeholdersFor(secrets);
  return new Map(secrets.map((secret) => [secret.connection, placeholder(secret)]));
}

test('the variable of a secret is its connection and its key, in letters that every shell takes', () => {
  const placeholder = placeholdersFor([]);
  expect(placeholder({ connection: 'Books of Utrecht', key: 'accessKey' })).toBe(`\${env:BOOKS_OF_UTRECHT_ACCESS_KEY}`);
  expect(placeholder({ connection: '2nd', key: 'password' })).toBe(`\${env:SECRET_2ND_PASSWORD}`);
  expect(placeholder({ connection: '東京', key: 'password' })).toBe(`\${env:SECRET_PASSWORD}`);
});

test('secrets whose variables would have one name keep each its own, in whatever order they come and whoever comes with them', () => {
  const names = ['A b', 'A-b', 'A  B!', '東京', '大阪', 'Secret', 'A'];
  const variables = variablesOf(names);
  expect(new Set(variables.values()).size).toBe(names.length);
  expect(variables.get('A')).toBe(`\${env:A_PASSWORD}`);
  expect(variables.get('A b')).toMatch(/^\$\{env:A_B_PASSWORD__[0-9A-F]{12}\}$/);
  for (const others of [names.toReversed(), ['A-b', 'A b', '大阪', '東京'], [...names.slice(0, 5), 'a B']]) {
    for (const [name, variable] of variablesOf(others)) expect(variable).toBe(variables.get(name) ?? variable);
  }
});

test('no name of a connection makes the variable that the command takes its own key from', () => {
  const [variable] = variablesOf(['ERP Sync'], 'key').values();
  expect(variable).toMatch(/^\$\{env:ERP_SYNC_KEY__[0-9A-F]{12}\}$/);
});

test('no name of a connection makes the variable of two that were told apart', () => {
  const [apart = ''] = variablesOf(['A b', 'A-b']).values();
  const imitated = apart.slice('${env:'.length, -1);
  const variables = variablesOf(['A b', 'A-b', imitated, imitated.replace('_PASSWORD', '')]);
  expect(new Set(variables.values()).size).toBe(4);
});
