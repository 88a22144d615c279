import fc from 'fast-check';
import { expect, test } from 'vitest';
import { composeName, namePart } from '../../../../../functions/adapters/erp/tryton/fields/write-name.ts';
import { SyncError } from '../../../../../functions/core/errors.ts';

const two = ['FIRSTNAME', 'LASTNAME'];
const three = ['FIRSTNAME', 'MIDDLENAME', 'LASTNAME'];

const refused = (field: string) =>
  expect.objectContaining({ kind: 'rejected', faults: [expect.objectContaining({ path: field })] });

test('a name with particles stays whole where the middle name is not mapped', () => {
  const now = 'Jan van den Berg';
  expect(namePart(now, 'lastName', two)).toBe('van den Berg');
  expect(() => composeName(now, { LASTNAME: 'Berg' }, two)).toThrow(refused('LASTNAME'));
  expect(() => composeName(now, { FIRSTNAME: 'Jan', LASTNAME: 'Bergen' }, two)).toThrow(refused('LASTNAME'));
  expect(() => composeName('Anna Maria Bos', { FIRSTNAME: 'Anna', LASTNAME: 'Bos' }, two)).toThrow(
    refused('FIRSTNAME'),
  );
  expect(composeName(now, { LASTNAME: 'van der Meer' }, two)).toBe('Jan van der Meer');
});

test('where all three parts are mapped they are the name', () => {
  expect(three.map((field) => namePart('Jan van den Berg', partOf(field), three))).toEqual(['Jan', 'van den', 'Berg']);
  expect(composeName('Jan van den Berg', { MIDDLENAME: null, LASTNAME: 'Bakker' }, three)).toBe('Jan Bakker');
  expect(composeName('Jan Bakker', { MIDDLENAME: 'van den' }, three)).toBe('Jan van den Bakker');
});

function partOf(field: string) {
  return field === 'FIRSTNAME' ? 'firstName' : field === 'MIDDLENAME' ? 'middleName' : 'lastName';
}

test('the same words in other parts are no other name', () => {
  expect(composeName('Ruben de Boer', { FIRSTNAME: 'Ruben', MIDDLENAME: null, LASTNAME: 'de Boer' }, three)).toBe(
    undefined,
  );
  expect(composeName('Ana  García López', { FIRSTNAME: 'Ana', LASTNAME: 'García López' }, two)).toBe(undefined);
});

test('a whole name is written as it is given; a part of one only where it reads back', () => {
  expect(composeName('Li', { FIRSTNAME: 'Li', LASTNAME: 'Bo van Dam' }, two)).toBe('Li Bo van Dam');
  expect(composeName('Li Bo', { FIRSTNAME: 'Bo', LASTNAME: 'Li' }, two)).toBe('Bo Li');
  expect(composeName('Anna', { FIRSTNAME: null, LASTNAME: 'Madonna' }, two)).toBe('Madonna');
  expect(() => composeName('Li Jansen', { LASTNAME: 'Bo van Dam' }, two)).toThrow(refused('LASTNAME'));
  expect(() => composeName('Ruben de Boer', { LASTNAME: 'de Boer' }, three)).toThrow(refused('LASTNAME'));
});

test('parts that fall elsewhere among those that were given are written, for no other part reads back otherwise', () => {
  const swapped = { FIRSTNAME: 'García', LASTNAME: 'Ana Márquez' };
  expect(composeName('Ana García Márquez', swapped, three)).toBe('García Ana Márquez');
  expect(composeName('Jan Bos', { FIRSTNAME: null, LASTNAME: 'Bos Jan' }, three)).toBe('Bos Jan');
  expect(composeName('Jan Bos', { FIRSTNAME: 'Cher', LASTNAME: null }, three)).toBe('Cher');
  // "Fitzgerald" may be the middle name of the other side, which is not given.
  const shorter = { FIRSTNAME: 'Jack', LASTNAME: 'Kennedy Smith' };
  expect(() => composeName('John Fitzgerald Kennedy', shorter, three)).toThrow(refused('FIRSTNAME'));
  // The middle name, which agrees, would read back as "de", and go to the other side beside "de Groot".
  expect(() => composeName('Jan Bos', { FIRSTNAME: 'Jan', LASTNAME: 'de Groot' }, three)).toThrow(refused('LASTNAME'));
});

test('a second first name, which may be a middle name elsewhere, is not dropped by writing the first alone', () => {
  expect(() => composeName('Anna Maria Bos', { FIRSTNAME: 'Anne' }, three)).toThrow(refused('FIRSTNAME'));
  const whole = { FIRSTNAME: 'Anne', MIDDLENAME: 'Maria', LASTNAME: 'Bos' };
  expect(composeName('Anna Maria Bos', whole, three)).toBe('Anne Maria Bos');
  expect(composeName('Jan van den Berg', { MIDDLENAME: null }, three)).toBe('Jan Berg');
});

test('who reads that a name would lose words is told to map what is not mapped, and nothing that is', () => {
  const told = (now: string, mapped: readonly string[]) => {
    try {
      composeName(now, { FIRSTNAME: 'Anne' }, mapped);
    } catch (error) {
      return error instanceof SyncError ? error.explanation : undefined;
    }
    return undefined;
  };
  expect(told('Anna Maria Bos', two)).toContain('Map all three parts');
  expect(told('Anna Maria Bos', three)).toContain('Bos". Change it in Tryton.');
});

test('without the middle name mapped no write shortens a name', () => {
  const word = fc.constantFrom('van', 'den', 'de', 'Li', 'Bo', 'Anna', 'Berg');
  const words = fc.array(word, { maxLength: 5 }).map((list) => list.join(' '));
  const changes = fc.record({ FIRSTNAME: fc.option(words), LASTNAME: fc.option(words) }, { requiredKeys: [] });
  fc.assert(
    fc.property(words, changes, (now, change) => {
      try {
        const name = composeName(now, change, two);
        if (name !== undefined) expect((name ?? '').split(' ').length).toBeGreaterThanOrEqual(now.split(' ').length);
      } catch (error) {
        expect(error).toMatchObject({ kind: 'rejected' });
      }
    }),
  );
});
