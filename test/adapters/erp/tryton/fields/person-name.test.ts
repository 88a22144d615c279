import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinName, splitName } from '../../../../../functions/adapters/erp/tryton/fields/person-name.ts';

test.each([
  ['A B C', 'A B', null, 'C'],
  ['Anna de Vries', 'Anna', 'de', 'Vries'],
  ['Jan Piet van der Berg', 'Jan Piet', 'van der', 'Berg'],
  ['Jan Van den Berg', 'Jan', 'Van den', 'Berg'],
  ["Bas van 't Hof", 'Bas', "van 't", 'Hof'],
  ['Karl-Theodor von und zu Guttenberg', 'Karl-Theodor', 'von und zu', 'Guttenberg'],
  ['María del Carmen López', 'María del Carmen', null, 'López'],
  ['anna bakker', 'anna', null, 'bakker'],
  ['  Anna   Bos ', 'Anna', null, 'Bos'],
  ['van der Berg', null, 'van der', 'Berg'],
  ['Van Morrison', 'Van', null, 'Morrison'],
  ['Madonna', null, null, 'Madonna'],
  ['', null, null, null],
])('%s is read as %s, %s, %s', (name, firstName, middleName, lastName) => {
  expect(splitName(name, { middle: true })).toEqual({ firstName, middleName, lastName });
  const whole = [middleName, lastName].filter(Boolean).join(' ') || null;
  expect(splitName(name, { middle: false })).toEqual({ firstName, middleName: null, lastName: whole });
});

const text = fc.string({ unit: 'grapheme' });
const word = fc.oneof(fc.constantFrom('van', 'Den', 'de', "'t", 'Li', 'Bo', 'zu'), fc.string({ unit: 'grapheme' }));

test('what is read is the name again, but for the spaces, however it is mapped', () => {
  fc.assert(
    fc.property(fc.array(word), fc.boolean(), (words, middle) => {
      const name = words.join(' ');
      expect(joinName(splitName(name, { middle }))).toBe(name.trim().split(/\s+/).join(' '));
    }),
  );
});

test('parts that were joined and read once stay as they are', () => {
  const part = fc.option(
    fc.oneof(
      text,
      fc.array(word).map((words) => words.join(' ')),
    ),
    { nil: null },
  );
  fc.assert(
    fc.property(part, part, part, fc.boolean(), (firstName, middleName, lastName, middle) => {
      const read = splitName(joinName({ firstName, middleName, lastName }), { middle });
      expect(splitName(joinName(read), { middle })).toEqual(read);
    }),
  );
});
