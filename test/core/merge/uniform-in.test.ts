import { expect, test } from 'vitest';
import { repeatedValues } from '../../../functions/core/merge/repeated-values.ts';
import { type KnownTexts, uniformIn } from '../../../functions/core/merge/uniform-in.ts';
import { valueMark } from '../../../functions/core/merge/withheld-mark.ts';
import { key, mappedAs, planned } from './several-field-plan.ts';

const nothing: KnownTexts = { repeated: new Set(), isRest: false, withheld: [] };

/** The ERP's phone is to replace the CRM's. */
function found(known: Partial<KnownTexts>, crm: string | null = 'own'): number {
  return uniformIn(planned({ phone: { base: crm, crm, erp: 'same' } }), { ...nothing, ...known }).length;
}

const links = ['a', 'b', 'c'].map((phone) => ({
  mapping: [mappedAs('phone', 'both')],
  values: { crm: { phone }, erp: { PHONE: 'same' } },
}));

test('a text is one and the same for many if it repeats among the links read, or was withheld as such before', () => {
  expect(found({})).toBe(0);
  expect(found({ repeated: repeatedValues(links) })).toBe(1);
  expect(found({ withheld: [undefined, { [key('phone')]: valueMark(key('phone'), 'same') }] })).toBe(1);
  expect(found({ withheld: [{ [key('phone')]: valueMark(key('phone'), 'another') }] })).toBe(0);
});

test('of the few links that are left of a chunk every text may be, for the others cannot be seen', () => {
  expect(found({ isRest: true })).toBe(1);
});

test('what fills a blank replaces nothing', () => {
  expect(found({ repeated: repeatedValues(links), isRest: true }, null)).toBe(0);
});
