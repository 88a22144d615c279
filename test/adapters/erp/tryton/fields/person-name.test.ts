import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinName, splitName } from '../../../../../functions/adapters/erp/tryton/fields/person-name.ts';

test.each([
  ['A B C', 'A B', 'C'],
  ['Anna de Vries', 'Anna', 'de Vries'],
  ['Jan Piet van der Berg', 'Jan Piet', 'van der Berg'],
  ["Bas van 't Hof", 'Bas', "van 't Hof"],
  ['María del Carmen López', 'María del Carmen', 'López'],
  ['anna bakker', 'anna', 'bakker'],
  ['  Anna   Bos ', 'Anna', 'Bos'],
  ['Madonna', null, 'Madonna'],
  ['', null, null],
])('%s is read as %s, %s', (name, firstName, lastName) => {
  expect(splitName(name)).toEqual({ firstName, lastName });
});

test('a first name alone and a last name of several words are not written', () => {
  expect(joinName({ firstName: 'Anna', lastName: null })).toBeUndefined();
  expect(joinName({ firstName: 'Ana', lastName: 'García López' })).toBeUndefined();
  expect(joinName({ firstName: null, lastName: 'de Vries' })).toBeUndefined();
  expect(joinName({ firstName: null, lastName: null })).toBe('');
});

test('what is read is written back as it was, but for the spaces', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' })), (words) => {
      const name = words.join(' ');
      expect(joinName(splitName(name))).toBe(name.trim().split(/\s+/).join(' '));
    }),
  );
});
