import { expect, test } from 'vitest';
import { reportOf } from '../../bench/report.ts';

test('a goal is shown as it was, must be and is, and what was not measured is left open', () => {
  const report = reportOf([
    { name: 'calls.idle-poll-2-tables.storage-calls', value: 7.5, unit: 'calls' },
    { name: 'engine.changes', value: 4_999.96, unit: 'links/s' },
    { name: 'latency.compare-200ms.crm-calls', value: 400, unit: 'calls' },
  ]);
  expect(report).toContain('| idle poll, storage calls | 67 | ≤ 8 | 7.5 | yes |');
  expect(report).toContain('| changes, links/s | 1210 | ≥ 5000 | 5000 | no |');
  expect(report).toContain('| compare 10,000, calls to the CRM | 400 | – | 400 | – |');
  expect(report).toContain('| first sync, links/s | 2530 | ≥ 10000 | – | – |');
});
