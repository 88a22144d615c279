/** Files and answers that are long and odd on purpose are told apart in seconds. */
import { expect, test } from 'vitest';
import { readYaml } from '../../cli/config-yaml.ts';

const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

test('a map of very many keys is read, and one that says each twice is refused in a few lines', {
  timeout: 8_000,
}, () => {
  expect(
    readYaml(
      'f',
      lines(100_000, (at) => `k${at}: 1`),
    ).ok,
  ).toBe(true);
  const twice = readYaml(
    'f',
    lines(80_000, (at) => `k${at % 40_000}: 1`),
  );
  expect(twice.ok ? [] : twice.faults).toHaveLength(50);
  expect(twice.ok ? '' : twice.faults[0]).toBe('f:40001:1: Map keys must be unique');
});

test.each([
  ['of a hundred thousand parts', 'a.'.repeat(50_000)],
  ['of quotes that do not end', '["'.repeat(50_000)],
  ['with an escape that there is not', 'connections[0].config.["\\x"]'],
])('a fault with a path %s is placed where that leads to something', { timeout: 5_000 }, (_what, path) => {
  const read = readYaml('f', 'connections:\n  - config: {}\n');
  const [placed = ''] = read.ok ? read.placed([{ path, message: 'Odd' }]) : [];
  expect(placed.endsWith(': Odd')).toBe(true);
  expect(placed).toMatch(/^f:\d+:\d+: /);
});
