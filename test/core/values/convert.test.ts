import { expect, test } from 'vitest';
import type { MappedField } from '../../../functions/core/mapping/mapping.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import { agrees, convertTo, sameContent } from '../../../functions/core/values/convert.ts';
import { comparisonKey, type FieldType, isBlank, type Value } from '../../../functions/core/values/value.ts';
import { decidesWithin } from '../../architecture/decides-within.ts';

function field(key: string, type: FieldType, more: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type, maxLength: 0, access: 'normal', searchable: false, ...more };
}

function mapped(crm: FieldType, erp: FieldType, more: Partial<FieldMetadata> = {}): MappedField {
  return {
    erpField: 'F',
    crmField: 'f',
    direction: 'both',
    showInSearch: false,
    showInErpTab: false,
    crm: field('f', crm, more),
    erp: field('F', erp, more),
  };
}

const phone = mapped('text', 'text', { format: 'phone' });
const toErp = (type: FieldType, value: Value, more: Partial<FieldMetadata> = {}) => {
  const conversion = convertTo('erp', mapped('text', type, more), value);
  return conversion.ok ? conversion.value : conversion.reason;
};

test('phone numbers agree by digits, leading +, extension and letters', () => {
  const same = (one: string, other: string) => agrees(phone, one, other);
  expect(same('+31 20 123', '+31-20-123')).toBe(true);
  expect(same('(+31) 20 123', '+31 20 123')).toBe(true);
  expect(same('020 123 ext 45', '020 123x45')).toBe(true);
  expect(same('020 123 ext 45', '020-123 #45')).toBe(true);
  expect(same('0800 PIZZA', '0800-pizza')).toBe(true);
  expect(same('＋３１ 20', '+31 20')).toBe(true);
  expect(same('020 123 ext 45', '020 123 45')).toBe(false);
  expect(same('020 123', '+020 123')).toBe(false);
  expect(same('0800 PIZZA', '0800')).toBe(false);
  expect(same('*31#020', '31020')).toBe(false);
});

test('a phone field without a digit compares as text', () => {
  expect(agrees(phone, 'call the office', 'do not call')).toBe(false);
  expect(agrees(phone, 'call the office ', 'call the office')).toBe(true);
  expect(agrees(phone, '-', '+')).toBe(false);
});

test('a box to tick agrees with a text that says yes or no', () => {
  const box = mapped('text', 'checkbox');
  const yes = ['yes', 'TRUE', '1', ' ja ', 'Oui', 'si', 'sí', 'si\u0301', 'da'];
  const no = ['no', 'False', '0', 'nein', 'Nee', 'non'];
  for (const word of yes) expect([agrees(box, word, true), agrees(box, word, false)], word).toEqual([true, false]);
  for (const word of no) expect([agrees(box, word, false), agrees(box, word, true)], word).toEqual([true, false]);
  expect(agrees(box, 'perhaps', true)).toBe(false);
  expect(agrees(box, 'perhaps', false)).toBe(false);
  expect(agrees(box, null, false)).toBe(false);
});

test('yes and no travel between a box and a text', () => {
  expect(toErp('checkbox', 'Ja')).toBe(true);
  expect(toErp('checkbox', 'nein')).toBe(false);
  expect(toErp('checkbox', 'perhaps')).toBe('not-convertible');
  expect(convertTo('crm', mapped('text', 'checkbox'), true)).toEqual({ ok: true, value: 'true' });
});

test('what is plainly a number is one, and what needs a guess is refused', () => {
  expect(toErp('integer', ' 8 ')).toBe(8);
  expect(toErp('integer', '+8')).toBe(8);
  expect(toErp('integer', '8.0')).toBe(8);
  expect(toErp('integer', '-008')).toBe(-8);
  expect(toErp('decimal', ' +8.50 ')).toBe('8.50');
  expect(toErp('decimal', '.5')).toBe('0.5');
  expect(toErp('decimal', '5.')).toBe('5');
  expect(toErp('decimal', '-0.0')).toBe('0.0');
  for (const text of ['1,5', '1.000,00', '1 000', '8 %', '1e3', '.', '+', '--8', '0x8', '٨']) {
    expect(toErp('decimal', text), text).toBe('not-convertible');
    expect(toErp('integer', text), text).toBe('not-convertible');
  }
  expect(toErp('integer', '8.5')).toBe('not-convertible');
  expect(toErp('integer', '1234567890123456')).toBe('not-convertible');
});

test('numbers agree with texts by value, and a text that is no number with nothing else', () => {
  const number = mapped('text', 'integer');
  expect(agrees(number, ' +8.0', 8)).toBe(true);
  expect(agrees(number, '-', 0)).toBe(false);
  expect(agrees(number, '.', 0)).toBe(false);
});

test('one text agrees whichever way its accents are composed', () => {
  expect(agrees(mapped('text', 'text'), 'Caf\u00e9', 'Cafe\u0301')).toBe(true);
  expect(agrees(mapped('text', 'text', { format: 'email' }), 'caf\u00e9@x.nl', 'CAFE\u0301@x.nl')).toBe(true);
  expect(sameContent(mapped('text', 'text'), 'erp', 'Caf\u00e9', 'Cafe\u0301')).toBe(true);
  expect(agrees(mapped('text', 'text'), 'Cafe', 'Caf\u00e9')).toBe(false);
});

test('a text is as long as its system counts it', () => {
  const emoji = '\u{1f600}';
  expect(toErp('text', emoji, { maxLength: 1 })).toBe(emoji);
  expect(toErp('text', `${emoji}!`, { maxLength: 1 })).toBe('too-long');
  expect(toErp('text', emoji, { maxLength: 1, lengthUnit: 'utf16' })).toBe('too-long');
  expect(toErp('text', emoji, { maxLength: 2, lengthUnit: 'utf16' })).toBe(emoji);
  expect(toErp('text', '\u00e9\u00e9', { maxLength: 3, lengthUnit: 'bytes' })).toBe('too-long');
  expect(toErp('text', '\u00e9\u00e9', { maxLength: 4, lengthUnit: 'bytes' })).toBe('\u00e9\u00e9');
});

test('a value of over 8,000 bytes is refused, and so is one that would replace it', () => {
  const most = 'é'.repeat(4_000);
  expect(toErp('text', most)).toBe(most);
  expect(toErp('text', `${most}!`)).toBe('too-long');
  const over = convertTo('erp', mapped('text', 'text'), 'short', `${most}!`);
  expect(over).toEqual({ ok: false, reason: 'too-long' });
  expect(convertTo('erp', mapped('text', 'text'), 'short', most).ok).toBe(true);
});

test('long texts of any kind compare in time that grows with their length alone', () => {
  const length = 60_000;
  const texts = ['0', '0.', '+', '(', ' ', '1x', '.0', '0 '].flatMap((part) => {
    const long = part.repeat(length / part.length);
    return [long, `1${long}!`, `1.${long}1`];
  });
  const compare = () => {
    for (const text of texts) {
      for (const format of ['plain', 'phone', 'email'] as const) comparisonKey('text', format, text);
      for (const type of ['decimal', 'integer', 'checkbox', 'date'] as const) comparisonKey(type, 'plain', text);
    }
  };
  expect(decidesWithin(1_500, compare)).toBe(true);
});

test('only a day of the calendar is a day, and only an instant in UTC an instant', () => {
  expect(toErp('date', '2024-02-29')).toBe('2024-02-29');
  for (const none of ['2026-02-29', '2026-13-01', '2026-04-31', '29.2.2024'])
    expect(toErp('date', none)).toBe('not-convertible');
  expect(toErp('datetime', '2026-02-28T10:00:00.5Z')).toBe('2026-02-28T10:00:00.5Z');
  const others = ['2026-02-29T10:00:00Z', '2026-02-28T25:00:00Z', '2026-02-28T10:00:00+01:00', '2026-02-28Tat tenZ'];
  for (const none of others) expect(toErp('datetime', none)).toBe('not-convertible');
});

test('instants agree by value, however exactly they are written', () => {
  const instants = mapped('datetime', 'datetime');
  expect(agrees(instants, '2026-02-28T10:00:00Z', '2026-02-28T10:00:00.000Z')).toBe(true);
  expect(agrees(instants, '2026-02-28T10:00:00Z', '2026-02-28T10:00:00.100Z')).toBe(false);
  expect(agrees(mapped('text', 'datetime'), '2026-02-28', '2026-02-28T00:00:00Z')).toBe(false);
});

test('a text of white space alone is blank, whoever entered it', () => {
  for (const white of [' ', '\t\n', '\u00a0']) {
    expect(isBlank(white)).toBe(true);
    expect(convertTo('erp', mapped('text', 'text'), white)).toEqual({ ok: true, value: null });
  }
});
