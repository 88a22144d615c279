/** Files and answers that are long and odd on purpose are told apart in seconds. */
import { expect, test } from 'vitest';
import { readYaml } from '../../cli/config-yaml.ts';

/** Each key so often as there are rounds. */
function keysOf(count: number, rounds = 1): string {
  return Array.from({ length: count * rounds }, (_, at) => `k${at % count}: 1`).join('\n');
}

test('a map of very many keys is read, and one that says each twice is refused in a few lines', () => {
  // Compared each with all others they take minutes.
  expect(readYaml('f', keysOf(80_000)).ok).toBe(true);
  const twice = readYaml('f', keysOf(10_000, 2));
  expect(twice.ok ? [] : twice.faults).toHaveLength(50);
  expect(twice.ok ? '' : twice.faults[0]).toBe('f:10001:1: Map keys must be unique');
});

test.each([
  ['of a hundred thousand parts', 'a.'.repeat(50_000)],
  ['of quotes that do not end', '["'.repeat(50_000)],
  ['with an escape that there is not', 'connections[0].config.["\\x"]'],
])('a fault with a path %s is placed where that leads to something', (_what, path) => {
  const read = readYaml('f', 'connections:\n  - config: {}\n');
  const [placed = ''] = read.ok ? read.placed([{ path, message: 'Odd' }]) : [];
  expect(placed.endsWith(': Odd')).toBe(true);
  expect(placed).toMatch(/^f:\d+:\d+: /);
});
