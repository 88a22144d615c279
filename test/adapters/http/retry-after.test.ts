import { expect, test } from 'vitest';
import { httpDateMs, retryAfterMs } from '../../../functions/adapters/http/retry-after.ts';

const nowMs = Date.UTC(2026, 10, 1, 10, 0, 0);

test('seconds become milliseconds', () => {
  expect(retryAfterMs({ 'retry-after': '120' }, nowMs)).toBe(120_000);
  expect(retryAfterMs({ 'retry-after': ' 0 ' }, nowMs)).toBe(0);
  expect(retryAfterMs({ 'retry-after': '1.5' }, nowMs)).toBe(1_500);
});

test('all three forms of an HTTP date are the same moment', () => {
  const moment = Date.UTC(1994, 10, 6, 8, 49, 37);
  expect(httpDateMs('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(moment);
  expect(httpDateMs('Sunday, 06-Nov-94 08:49:37 GMT')).toBe(moment);
  expect(httpDateMs('Sun Nov  6 08:49:37 1994')).toBe(moment);
});

test('a date counts from the server clock where the answer carries it', () => {
  const until = { 'retry-after': 'Sun, 01 Nov 2026 10:00:30 GMT' };
  expect(retryAfterMs(until, nowMs)).toBe(30_000);
  expect(retryAfterMs({ ...until, date: 'Sun, 01 Nov 2026 10:00:10 GMT' }, nowMs)).toBe(20_000);
});

test('a date in the past asks for no wait', () => {
  expect(retryAfterMs({ 'retry-after': 'Sun, 01 Nov 2026 09:00:00 GMT' }, nowMs)).toBe(0);
});

test('nothing said, or nothing understood, is undefined', () => {
  expect(retryAfterMs({}, nowMs)).toBeUndefined();
  expect(retryAfterMs({ 'retry-after': '' }, nowMs)).toBeUndefined();
  expect(retryAfterMs({ 'retry-after': 'soon' }, nowMs)).toBeUndefined();
  expect(retryAfterMs({ 'retry-after': '-5' }, nowMs)).toBeUndefined();
});

test('no wait is longer than a day, whatever is asked for', () => {
  const day = 86_400_000;
  for (const asked of ['86401', '999999999999', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT']) {
    expect([asked, retryAfterMs({ 'retry-after': asked }, nowMs)]).toEqual([asked, day]);
  }
});
