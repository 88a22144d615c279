import { expect, test } from 'vitest';
import {
  dayOf,
  filterInstant,
  instantMs,
  versionMadeWithin,
  versionOf,
} from '../../../../../functions/adapters/crm/superoffice/fields/instants.ts';

const tenMs = Date.UTC(2026, 10, 1, 10, 0, 0);

test('an offset without a colon is understood, and so are its other forms', () => {
  for (const text of [
    '2026-11-01T10:00:00+0000',
    '2026-11-01T10:00:00Z',
    '2026-11-01T11:00:00+01:00',
    '2026-11-01T05:00:00-0500',
    '2026-11-01T10:00:00.123Z',
  ]) {
    expect(instantMs(text)).toBe(tenMs);
  }
});

test('year 1 is no time, whatever its offset, and a time without offset is not trusted', () => {
  expect(instantMs('0001-01-01T00:00:00+0000')).toBeNull();
  expect(instantMs('0001-01-01T00:00:00')).toBeNull();
  expect(instantMs(null)).toBeNull();
  expect(instantMs('')).toBeNull();
  expect(instantMs('2026-11-01T10:00:00')).toBeUndefined();
  expect(instantMs('2026-13-01T10:00:00Z')).toBeUndefined();
  expect(instantMs(5)).toBeUndefined();
});

test('one moment is one version, wherever it was read', () => {
  expect(versionOf('2026-11-01T11:00:00+0100')).toBe('2026-11-01T10:00:00Z');
  expect(versionOf('2026-11-01T10:00:00Z')).toBe('2026-11-01T10:00:00Z');
  expect(versionOf('0001-01-01T00:00:00')).toBe('never');
  expect(versionOf('2026-11-01T10:00:00')).toBe('2026-11-01T10:00:00');
});

test('a stamp without a zone is understood if it was made just now, whatever the zone', () => {
  const within = (text: string) => versionMadeWithin(text, tenMs - 5_000, tenMs + 1_000);
  for (const text of [
    '2026-11-01T10:00:00',
    '2026-11-01T02:00:00',
    '2026-11-01T15:45:00',
    '2026-11-01T10:00:00+0000',
  ]) {
    expect(within(text)).toBe('2026-11-01T10:00:00Z');
  }
  expect(within('2026-11-01T09:56:00')).toBeUndefined();
  expect(within('soon')).toBeUndefined();
});

test('a day is the day as written', () => {
  expect(dayOf('2027-02-28T00:00:00')).toBe('2027-02-28');
  expect(dayOf('0001-01-01T00:00:00+0000')).toBeNull();
  expect(dayOf('soon')).toBeNull();
});

test('a time in a filter says that it is in UTC', () => {
  expect(filterInstant(tenMs)).toBe('2026-11-01T10:00:00Z');
});
