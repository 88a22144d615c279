import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAtRest } from '../../../functions/core/merge/at-rest.ts';
import { changesLink, outcomeOf } from '../../../functions/core/merge/outcome.ts';
import { type ReadRecord, seenNow } from '../../../functions/core/merge/seen.ts';
import type { FieldState, Link } from '../../../functions/core/model/link.ts';
import { agreed, base, cityField, linkWith, lookFacts, mappingWith, nameField } from './two-field-look.ts';

const covered = { crm: ['name', 'city'], erp: ['NAME', 'CITY'] };
const resting: Record<'crm' | 'erp', ReadRecord> = {
  crm: { version: 'c1', values: { name: 'A', city: 'U' } },
  erp: { version: 'e1', values: { NAME: 'A', CITY: 'U' } },
};
const seen = { crm: seenNow(resting.crm, covered.crm), erp: seenNow(resting.erp, covered.erp) };
const restsWith = (link: Link, records: Partial<Record<'crm' | 'erp', ReadRecord | undefined>> = {}, forms = 1) =>
  isAtRest(link, {
    mapping: mappingWith(),
    covered,
    forms: { crm: 1, erp: forms },
    records: { ...resting, ...records },
  });

test('a link whose records are as agreed and as seen is at rest', () => {
  expect(restsWith(linkWith({ seen }))).toBe(true);
});

test.each<[string, Partial<Link>]>([
  ['is not active', { state: 'pending' }],
  ['is paused', { state: 'paused' }],
  ['has an open failure', { openFailures: ['f'] }],
  ['waits for a choice', { choices: { [nameField]: { side: 'crm', fingerprint: 'x' } } }],
  ['has something withheld', { withheld: { blanks: { fields: [nameField], reason: 'allowance' } } }],
  ['was never seen', { seen: {} }],
  ['was seen with other values', { seen: { ...seen, erp: { version: 'e1', values: 'x' } } }],
  ['remembers another stamp', { seen: { ...seen, erp: { ...seen.erp, changedAtMs: 5 } } }],
  ['never agreed on a field', { fieldStates: { [nameField]: agreed('A') } }],
  ['has a held field', { fieldStates: { ...base, [cityField]: { ...agreed('U'), held: 'dropped' } } }],
  ['has other forms', { forms: { crm: 1, erp: 2 } }],
])('a link that %s is not at rest', (_what, over) => {
  expect(restsWith(linkWith({ seen, ...over }))).toBe(false);
});

test('a link with a record that is gone, archived, at another version or in another form is not at rest', () => {
  const link = linkWith({ seen });
  expect(restsWith(link, { erp: undefined })).toBe(false);
  expect(restsWith(link, { erp: { ...resting.erp, standing: { kind: 'archived' } } })).toBe(false);
  expect(restsWith(link, { erp: { ...resting.erp, version: 'e2' } })).toBe(false);
  expect(restsWith(link, { crm: { ...resting.crm, values: { name: 'B', city: 'U' } } })).toBe(false);
  expect(restsWith(link, {}, 2)).toBe(false);
});

test('of a link at rest a plan writes nothing, and a look changes nothing', () => {
  const value = fc.constantFrom('A', 'U', ' A', '', 'B');
  const more = fc.constantFrom<FieldState>({}, {}, {}, { differs: true }, { overtaken: 'moved' }, { held: 'dropped' });
  const state = fc.tuple(value, value, more).map(([crm, erp, rest]): FieldState => ({ ...rest, agreed: { crm, erp } }));
  const values = fc.record({ name: value, city: value });
  let atRest = 0;
  const property = fc.property(state, state, values, values, fc.boolean(), (one, other, crm, erpValues, asAgreed) => {
    const states: Record<string, FieldState> = { [nameField]: one, [cityField]: other };
    const held = (of: 'crm' | 'erp', field: FieldState) => field.agreed?.[of] ?? null;
    const now = {
      crm: asAgreed ? { name: held('crm', one), city: held('crm', other) } : crm,
      erp: asAgreed
        ? { NAME: held('erp', one), CITY: held('erp', other) }
        : { NAME: erpValues.name, CITY: erpValues.city },
    };
    const records = { crm: { version: 'c1', values: now.crm }, erp: { version: 'e1', values: now.erp } };
    const link = linkWith({
      fieldStates: states,
      seen: { crm: seenNow(records.crm, covered.crm), erp: seenNow(records.erp, covered.erp) },
    });
    const facts = { mapping: mappingWith(), covered, forms: { crm: 1, erp: 1 }, records };
    if (!isAtRest(link, facts)) return;
    atRest += 1;
    const outcome = outcomeOf(lookFacts({ link, crm: now.crm, erp: now.erp }));
    expect(outcome).toMatchObject({ verdict: 'done', changes: [], troubles: [] });
    expect(changesLink(link, outcome)).toBe(false);
  });
  fc.assert(property, { numRuns: 5_000 });
  expect(atRest).toBeGreaterThan(10);
});
