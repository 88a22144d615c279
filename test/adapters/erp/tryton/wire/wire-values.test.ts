import { expect, test } from 'vitest';
import { parseWire, wireInstant } from '../../../../../functions/adapters/erp/tryton/wire/wire-values.ts';

test('values that JSON has no type for come in the canonical form of the port', () => {
  const wire = {
    at: { __class__: 'datetime', year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5, microsecond: 6789 },
    day: { __class__: 'date', year: 2026, month: 11, day: 23 },
    amount: { __class__: 'Decimal', decimal: '0.10' },
    effort: { __class__: 'timedelta', seconds: 7200 },
    file: { __class__: 'bytes', base64: 'AA==' },
    plain: [null, 1, 'x'],
  };
  expect(parseWire(JSON.stringify(wire))).toEqual({
    ...{ at: '2026-01-02T03:04:05.006Z', day: '2026-11-23', amount: '0.10', effort: 7200 },
    ...{ file: wire.file, plain: wire.plain },
  });
});

test('an instant goes out as it came in', () => {
  const ms = Date.parse('2026-11-23T22:01:59.123Z');
  expect(parseWire(JSON.stringify(wireInstant(ms)))).toBe('2026-11-23T22:01:59.123Z');
});
