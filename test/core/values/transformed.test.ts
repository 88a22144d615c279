import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MappedField } from '../../../functions/core/mapping/mapping.ts';
import type { Transform } from '../../../functions/core/mapping/transform.ts';
import { planLink } from '../../../functions/core/merge/plan.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';
import type { Side } from '../../../functions/core/model/side.ts';
import { agrees, convertTo } from '../../../functions/core/values/convert.ts';
import type { FieldType, Value } from '../../../functions/core/values/value.ts';

const shape = { maxLength: 0, access: 'normal', searchable: false } as const;

function mapped(more: Partial<MappedField>, types: Partial<Record<Side, FieldType>> = {}): MappedField {
  return {
    erpField: 'F',
    crmField: 'f',
    direction: 'toCrm',
    showInSearch: false,
    showInErpTab: false,
    crm: { key: 'f', label: 'f', type: types.crm ?? 'text', ...shape },
    erp: { key: 'F', label: 'F', type: types.erp ?? 'text', ...shape },
    ...more,
  };
}

function made(transform: Transform, value: Value, types: Partial<Record<Side, FieldType>> = {}): Value {
  const conversion = convertTo('crm', mapped({ transform }, types), value);
  return conversion.ok ? conversion.value : conversion.reason;
}

const kinds = {
  kind: 'replace',
  table: [
    { from: 'A', to: 'Alpha' },
    { from: 'B', to: 'Beta' },
  ],
} as const;
const both = { direction: 'both', transform: { kind: 'prefix', text: 'K-' } } as const;

test('each transform makes of a value what its name says', () => {
  expect(made({ kind: 'trim' }, '  Van  Dam ')).toBe('Van  Dam');
  expect(made({ kind: 'upper' }, 'Straße é')).toBe('STRASSE É');
  expect(made({ kind: 'lower' }, 'ACME')).toBe('acme');
  expect(made({ kind: 'digits' }, 'NL 12.34')).toBe('1234');
  expect(made({ kind: 'digits' }, 'NL 12.34', { crm: 'integer' })).toBe(1234);
  expect(made({ kind: 'prefix', text: 'K-' }, 7, { erp: 'integer' })).toBe('K-7');
  expect(made(kinds, 'A')).toBe('Alpha');
  expect(made(kinds, 'C')).toBe('C');
});

test('the first characters are counted as people see them', () => {
  const family = '👨‍👩‍👧';
  expect(made({ kind: 'first', characters: 2 }, `a${family}b`)).toBe(`a${family}`);
  expect(made({ kind: 'first', characters: 1 }, 'e\u0301tage')).toBe('e\u0301');
  expect(made({ kind: 'first', characters: 9 }, 'short')).toBe('short');
});

test('a blank stays a blank, and a value of which nothing would be left is refused', () => {
  expect(made({ kind: 'prefix', text: 'K-' }, null)).toBe(null);
  expect(made({ kind: 'digits' }, 'call me')).toBe('not-transformable');
  expect(made({ kind: 'digits' }, '  ')).toBe(null);
  expect(agrees(mapped({ transform: { kind: 'digits' } }), null, 'call me')).toBe(false);
  expect(agrees(mapped({ transform: { kind: 'digits' } }), null, ' ')).toBe(true);
});

test('what a transform makes too long for the field or for the engine is refused', () => {
  const row = mapped({ transform: { kind: 'prefix', text: 'K-' } });
  expect(convertTo('crm', { ...row, crm: { ...row.crm, maxLength: 3 } }, 'ab')).toEqual({
    ok: false,
    reason: 'too-long',
  });
  expect(made({ kind: 'prefix', text: 'K-' }, 'x'.repeat(7_999))).toBe('too-long');
});

test('of a field that goes both ways one side holds what is made, and the other gets it undone', () => {
  const toErp = (value: Value, row = mapped(both)) => {
    const conversion = convertTo('erp', row, value);
    return conversion.ok ? conversion.value : conversion.reason;
  };
  expect(toErp('K-12')).toBe('12');
  expect(toErp('12')).toBe('not-transformable');
  expect(toErp('K-')).toBe('not-transformable');
  expect(toErp('12', mapped({ ...both, transformTo: 'erp' }))).toBe('K-12');
  expect(agrees(mapped(both), 'K-12', '12')).toBe(true);
  expect(agrees(mapped(both), '12', '12')).toBe(false);
  expect(agrees(mapped({ ...both, transformTo: 'erp' }), '12', 'K-12')).toBe(true);
});

test('a text that would look like the result of another is not made of a two-way table', () => {
  const row = mapped({ direction: 'both', transform: kinds });
  expect(convertTo('crm', row, 'Alpha')).toEqual({ ok: false, reason: 'not-transformable' });
  expect(convertTo('erp', row, 'A')).toEqual({ ok: false, reason: 'not-transformable' });
  expect(convertTo('erp', row, 'Beta')).toEqual({ ok: true, value: 'B' });
  expect(convertTo('erp', row, 'Gamma')).toEqual({ ok: true, value: 'Gamma' });
});

test('a table is looked up by the types of both fields, in whatever form a value is stored', () => {
  const table = [
    { from: 'A', to: 'Active ' },
    { from: 'Cafe\u0301', to: 'C' },
    { from: '1', to: 'One' },
  ];
  const row = mapped({ direction: 'both', transform: { kind: 'replace', table } });
  expect(convertTo('erp', row, 'Active')).toEqual({ ok: true, value: 'A' });
  expect(convertTo('crm', row, 'Active')).toEqual({ ok: false, reason: 'not-transformable' });
  expect(convertTo('crm', row, 'Caf\u00e9')).toEqual({ ok: true, value: 'C' });
  expect(convertTo('crm', row, ' A')).toEqual({ ok: true, value: 'Active ' });
  expect(convertTo('crm', row, '1.0')).toEqual({ ok: true, value: '1.0' });
  const ofNumbers = mapped({ transform: { kind: 'replace', table } }, { erp: 'decimal' });
  expect(convertTo('crm', ofNumbers, '1.0')).toEqual({ ok: true, value: 'One' });
});

test('a prefix is taken back however its letters and the space before it are stored', () => {
  const row = mapped({ direction: 'both', transform: { kind: 'prefix', text: ' e\u0301-' } });
  expect(convertTo('erp', row, '\u00e9-12')).toEqual({ ok: true, value: '12' });
  expect(agrees(row, '\u00e9-12', '12')).toBe(true);
  expect(agrees(row, '\u00e9- 12', '12')).toBe(true);
  expect(agrees(row, '\u00e9-13', '12')).toBe(false);
});

test('numbers made of texts are compared by value', () => {
  expect(agrees(mapped({ transform: { kind: 'digits' } }, { crm: 'integer' }), 1234, 'NL 01234')).toBe(true);
});

const text = fc.string({ maxLength: 6, unit: fc.constantFrom('A', 'B', 'K', '-', 'a', ' ', '1', '\u00e9', 'e\u0301') });
/** As most systems store a text, and as texts are compared. */
const stored = (value: string) => value.normalize('NFC').trim();
const oneToOne = fc
  .uniqueArray(fc.record({ from: text, to: text }), {
    maxLength: 4,
    selector: ({ from }) => stored(from),
    minLength: 1,
  })
  .filter((table) => new Set(table.map(({ to }) => stored(to))).size === table.length)
  .filter((table) => table.every(({ from, to }) => stored(from) !== '' && stored(to) !== ''));
const undoables = fc.oneof(
  oneToOne.map((table): Transform => ({ kind: 'replace', table })),
  text.filter((one) => one !== '').map((prefix): Transform => ({ kind: 'prefix', text: prefix })),
);

test('whatever goes both ways comes back as it was', () => {
  fc.assert(
    fc.property(undoables, fc.constantFrom<Side>('crm', 'erp'), text, (transform, transformTo, value) => {
      const row = mapped({ direction: 'both', transform, transformTo });
      for (const [side, back] of [
        ['crm', 'erp'],
        ['erp', 'crm'],
      ] as const) {
        const there = convertTo(side, row, value);
        if (!there.ok || there.value === null) continue;
        for (const held of [String(there.value), stored(String(there.value))]) {
          const again = convertTo(back, row, held);
          // A space behind a prefix is lost where outer ones are.
          const form = back === transformTo ? (text: string) => stored(text).replaceAll(' ', '') : stored;
          expect(again.ok && form(String(again.value))).toBe(form(value));
          expect(side === 'crm' ? agrees(row, held, value) : agrees(row, value, held)).toBe(true);
        }
      }
    }),
  );
});

const anyTransform = fc.oneof(
  undoables.map((transform) => ({ transform, direction: 'both' as const })),
  fc.record({
    transform: fc.constantFrom<Transform>(
      { kind: 'trim' },
      { kind: 'upper' },
      { kind: 'lower' },
      { kind: 'digits' },
      { kind: 'first', characters: 2 },
      { kind: 'prefix', text: 'K-' },
      kinds,
    ),
    direction: fc.constantFrom('toCrm' as const, 'toErp' as const),
  }),
);

test('after one look a transformed field agrees or says why not, and a second look writes nothing', () => {
  fc.assert(
    fc.property(anyTransform, text, text, fc.boolean(), ({ transform, direction }, crm, erp, enforce) => {
      const mapping = [mapped({ direction, transform, enforce: direction === 'both' ? undefined : enforce })];
      const look = (values: Record<Side, Value>, state: FieldState) => {
        const plan = planLink({
          fieldStates: { 'F~f': state },
          choices: {},
          crm: { values: { f: values.crm } },
          erp: { values: { F: values.erp } },
          mapping,
          policy: { kind: 'erp-wins' },
          timeResolutionMs: { crm: 1, erp: 1 },
        });
        const [field] = plan.fields;
        if (!field) throw new Error('a mapped field is planned');
        return field;
      };
      const first = look({ crm: crm.trim() || null, erp: erp.trim() || null }, {});
      const { write } = first;
      const after = { crm: first.crm, erp: first.erp, ...(write && { [write.side]: write.value }) };
      const second = look(after, write ? { agreed: after } : first.state);
      expect(second.write).toBeUndefined();
      if (write) expect(mapping.every((row) => agrees(row, after.crm, after.erp))).toBe(true);
    }),
  );
});
