import { expect, test } from 'vitest';
import { sawValue, writeEntered } from '../../../functions/core/merge/chosen.ts';
import { type FieldFacts, refusalMark } from '../../../functions/core/merge/field-plan.ts';
import { lookFacts } from './two-field-look.ts';

const entered = { to: { crm: 'C', erp: 'C' }, saw: sawValue('A', 'B') };

function factsOf(crm: string, erp: string): FieldFacts {
  const [name] = lookFacts({}).plan.fields;
  if (!name) throw new Error('a mapped field is always planned');
  return { ...name, crm, erp, state: {}, changed: { crm: false, erp: false } };
}

test('an entered value is written on one side, then on the other, and nothing is agreed before', () => {
  expect(writeEntered(factsOf('A', 'B'), entered)).toMatchObject({
    rule: 'resolving',
    write: { side: 'crm', value: 'C' },
  });
  expect(writeEntered(factsOf('C', 'B'), entered)).toMatchObject({
    rule: 'resolved',
    write: { side: 'erp', value: 'C' },
  });
  expect(writeEntered(factsOf('A', 'C'), entered)).toMatchObject({
    rule: 'resolved',
    write: { side: 'crm', value: 'C' },
  });
  expect(writeEntered(factsOf('C', 'C'), entered)).toMatchObject({
    rule: 'resolved',
    state: { agreed: { crm: 'C', erp: 'C' } },
  });
});

test('an entered value replaces only what the person saw', () => {
  expect(writeEntered(factsOf('X', 'B'), entered)).toBeUndefined();
  expect(writeEntered(factsOf('C', 'X'), entered)).toBeUndefined();
});

test('an entered value that a system refused is not sent again', () => {
  const facts = factsOf('A', 'B');
  const parked = { side: 'crm', fingerprint: refusalMark(facts, 'crm'), reason: 'refused-by-system' } as const;
  expect(writeEntered({ ...facts, state: { parked } }, entered)).toMatchObject({ rule: 'refused' });
});
