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

test.each(['America/Los_Angeles', 'Europe/Oslo', 'Pacific/Auckland'])(
  'a day and an instant are the same in the zone of %s',
  (zone) => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    try {
      const day = { __class__: 'date', year: 2026, month: 3, day: 29 };
      const at = { ...day, __class__: 'datetime', hour: 1, minute: 30, second: 0, microsecond: 0 };
      expect(parseWire(JSON.stringify([day, at]))).toEqual(['2026-03-29', '2026-03-29T01:30:00.000Z']);
      expect(wireInstant(Date.parse('2026-03-29T01:30:00Z'))).toEqual(at);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  },
);
