import { expect, test } from 'vitest';
import { ConfigInput, checkConfig, maskedConfig } from '../../../functions/core/mapping/config-values.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';

function field(key: string, extra: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false, ...extra };
}

const fields = [
  field('host', { access: 'mandatory', maxLength: 5 }),
  field('port', { type: 'integer', defaultValue: 80 }),
  field('rate', { type: 'decimal' }),
  field('secure', { type: 'checkbox' }),
  field('heading', { type: 'label' }),
  field('password', { type: 'password', access: 'mandatory' }),
];

function faultsOf(given: Parameters<typeof checkConfig>[1], stored: string[] = []) {
  return checkConfig(fields, given, stored).faults.map(({ path, message }) => `${path}: ${message}`);
}

test('values are taken by their type, passwords apart, defaults filled in', () => {
  const checked = checkConfig(fields, { host: 'erp', rate: '1.5', secure: true, password: 'pw' }, []);
  expect(checked).toEqual({
    config: { host: 'erp', port: 80, rate: '1.5', secure: true },
    secrets: { password: 'pw' },
    kept: [],
    faults: [],
  });
});

test('a text that is cleared stays blank where it has a default; what is left out gets the default', () => {
  const region = field('region', { defaultValue: 'north' });
  const configOf = (given: Parameters<typeof checkConfig>[1]) => checkConfig([region, ...fields], given, []).config;
  expect(configOf({ host: 'erp', password: 'pw', region: ' ' })).toEqual({ region: '', host: 'erp', port: 80 });
  expect(configOf({ host: 'erp', password: 'pw' })).toEqual({ region: 'north', host: 'erp', port: 80 });
});

test('every fault is named once', () => {
  expect(faultsOf({ host: 'longer', port: 1.5, rate: 'x', secure: 'yes', heading: 'h', constructor: 'c' })).toEqual([
    'config.heading: There is no such field',
    'config.constructor: There is no such field',
    'config.host: Must have at most 5 characters',
    'config.port: Must be a whole number',
    'config.rate: Must be a number',
    'config.secure: Must be true or false',
    'config.password: Must be filled in',
  ]);
  expect(faultsOf({ host: '  ', password: '' })).toEqual([
    'config.host: Must be filled in',
    'config.password: Must be filled in',
  ]);
});

test('a stored password is kept by its mask, nothing else is', () => {
  const set = { set: true } as const;
  expect(checkConfig(fields, { host: 'erp', password: set }, ['password'])).toMatchObject({
    secrets: {},
    kept: ['password'],
    faults: [],
  });
  expect(faultsOf({ host: set, password: set })).toEqual([
    'config.host: Only a password can be kept as it is',
    'config.password: There is no stored value to keep',
  ]);
});

test('a masked configuration shows only that passwords are set', () => {
  expect(maskedConfig({ host: 'erp' }, ['password'])).toEqual({ host: 'erp', password: { set: true } });
});

test('a secret of the wrong form is told how it can be kept', () => {
  const wrong = ConfigInput.safeParse({ password: null });
  expect(wrong.error?.issues).toMatchObject([
    { path: ['password'], message: expect.stringContaining('{"set": true} to keep') },
  ]);
  expect(faultsOf({ host: 'erp', password: 5 })).toEqual([
    'config.password: Must be a text, or {"set": true} to keep the stored one',
  ]);
});

test('a flood of settings is one fault, and an own __proto__ is no field', () => {
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`f${at}`, 1]));
  expect(ConfigInput.safeParse(many).error?.issues).toMatchObject([{ path: [], message: 'Has more than 200 fields' }]);
  expect(ConfigInput.safeParse(JSON.parse('{"__proto__":{"a":1}}')).error?.issues).toMatchObject([
    { message: 'There is no field __proto__' },
  ]);
  expect(ConfigInput.safeParse({ host: 'erp' }).success).toBe(true);
});
