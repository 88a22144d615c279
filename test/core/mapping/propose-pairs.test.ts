import { expect, test } from 'vitest';
import { filledByCode, pairByCode } from '../../../functions/core/mapping/list-pairing.ts';
import { proposePairs } from '../../../functions/core/mapping/propose-pairs.ts';
import type { ListItem } from '../../../functions/core/model/field.ts';

const item = (key: string, text: string, code?: string): ListItem => ({ key, text, ...(code && { code }) });

test('equal texts are proposed, case, accents and outer space aside', () => {
  const erp = [item('1', ' Fournisseur Privilégié '), item('2', 'CUSTOMER'), item('3', 'Nobody')];
  const crm = [item('a', 'customer'), item('b', 'fournisseur privilegie')];
  expect([...proposePairs(erp, crm)]).toEqual([
    ['1', { crmItem: 'b', by: 'text' }],
    ['2', { crmItem: 'a', by: 'text' }],
  ]);
});

test('equal codes come before equal texts, and each CRM item is proposed once', () => {
  const erp = [item('1', 'Georgia'), item('2', 'Republic of Georgia', 'ge')];
  const crm = [item('a', 'Georgia', 'GE')];
  expect([...proposePairs(erp, crm)]).toEqual([['2', { crmItem: 'a', by: 'code' }]]);
});

test('where several items read alike none is proposed', () => {
  expect([...proposePairs([item('1', 'Other')], [item('a', 'Other'), item('b', 'other ')])]).toEqual([]);
  expect([...proposePairs([item('1', '')], [item('a', '')])]).toEqual([]);
});

test('of several items with one code the first of each side is paired', () => {
  const erp = [item('1', 'Nederland', 'NL'), item('2', 'Holland', 'nl')];
  expect(pairByCode(erp, [item('a', 'NL', 'NL'), item('b', 'NL too', 'NL')])).toEqual({ '1': 'a' });
});

test('codes fill what has no pair, change no pair there is, and leave out what a person left out', () => {
  const erp = [item('1', 'NL', 'NL'), item('2', 'BE', 'BE'), item('3', 'DE', 'DE')];
  const crm = [item('a', 'NL', 'NL'), item('b', 'BE', 'BE'), item('c', 'DE', 'DE')];
  expect(filledByCode(undefined, erp, crm)).toEqual({ '1': 'a', '2': 'b', '3': 'c' });
  expect(filledByCode({ pairs: { '1': 'b', '9': 'gone' }, leftOut: ['3'] }, erp, crm)).toEqual({
    '1': 'b',
    '9': 'gone',
  });
  expect(filledByCode({ pairs: { '1': 'a' } }, [], [])).toEqual({ '1': 'a' });
});

test('items whose keys nobody could name are not paired by code: a file could not say them', () => {
  for (const odd of ['', 'k'.repeat(201), 'a\0', '\ud800']) {
    expect(
      pairByCode([item(odd, 'NL', 'NL'), item('2', 'BE', 'BE')], [item('a', 'NL', 'NL'), item('b', 'BE', 'BE')]),
    ).toEqual({ 2: 'b' });
    expect(pairByCode([item('1', 'NL', 'NL')], [item(odd, 'NL', 'NL')])).toEqual({});
  }
});
