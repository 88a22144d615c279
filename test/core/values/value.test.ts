import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plannedWaitMs } from '../../../functions/core/timing/retry.ts';
import { convertTo } from '../../../functions/core/values/convert.ts';
import { fingerprint } from '../../../functions/core/values/fingerprint.ts';
import { comparisonKey } from '../../../functions/core/values/value.ts';

test('decimals compare by value, not by spelling', () => {
  const key = (value: string) => comparisonKey('decimal', 'plain', value);
  expect(key('1.50')).toBe(key('1.5'));
  expect(key('01')).toBe(key('1.000'));
  expect(key('-0')).toBe(key('0.0'));
  expect(key('1.05')).not.toBe(key('1.5'));
  expect(key('100')).not.toBe(key('1'));
});

test('e-mail addresses compare in lower case and texts without the white space around them', () => {
  expect(comparisonKey('text', 'email', ' Info@Example.COM ')).toBe('info@example.com');
  expect(comparisonKey('text', 'plain', ' Info ')).toBe('Info');
  expect(comparisonKey('text', 'plain', '   ')).toBeNull();
});

test('a fingerprint does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null))), (content) => {
      const turned = Object.fromEntries(Object.entries(content).toReversed());
      expect(fingerprint(turned)).toBe(fingerprint(content));
    }),
  );
});

test('six planned waits take between fifteen and thirty-five minutes', () => {
  const waits = [1, 2, 3, 4, 5].map((attempt) => plannedWaitMs(attempt, 0.5));
  const minutes = waits.reduce((sum, wait) => sum + wait, 0) / 60_000;
  expect(minutes).toBeGreaterThan(15);
  expect(minutes).toBeLessThan(35);
  expect(plannedWaitMs(3, 0.5, 42_000)).toBe(42_000);
});

test('a value is converted whole or refused with a reason', () => {
  const field = { label: '', maxLength: 0, access: 'normal', searchable: false } as const;
  const row = { erpField: 'N', crmField: 'n', direction: 'both', showInSearch: false, showInErpTab: false } as const;
  const toInteger = {
    ...row,
    erp: { ...field, key: 'N', type: 'integer' as const },
    crm: { ...field, key: 'n', type: 'text' as const },
  };
  expect(convertTo('erp', toInteger, '42')).toEqual({ ok: true, value: 42 });
  expect(convertTo('erp', toInteger, '4.2')).toEqual({ ok: false, reason: 'not-convertible' });
  expect(convertTo('crm', toInteger, 42)).toEqual({ ok: true, value: '42' });
});
