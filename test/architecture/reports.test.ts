/** docs/reports.md names for each report the tests that replay it: they must be there, and each replay must be named. */
import { expect, test } from 'vitest';
import { filesBelow, readFile } from './source-files.ts';

const rows = readFile('docs/reports.md')
  .text.split('\n')
  .flatMap((line) => {
    const [, report, cell] = /^\| (\S+#\d+) \| [^|]+ \| (`[^|]+) \| [^|]+ \|$/.exec(line) ?? [];
    if (!report || !cell) return [];
    return [{ report, tests: cell.split('<br>').map((one) => /^`([^`]+)`: (.+)$/.exec(one)?.slice(1) ?? []) }];
  });
const replays = filesBelow('test/reports').filter((file) => file.endsWith('.test.ts'));
const titles = replays.flatMap((file) =>
  [...readFile(file).text.matchAll(/^(?:test|\]\)|\] as const\)|test\.each\(.*\))\(\s*'([^']+)'/gm)].map(
    ([, name]) => `${file}: ${name}`,
  ),
);

test('every report is read, each once, and its replays exist', () => {
  expect(rows.length).toBeGreaterThanOrEqual(20);
  expect(new Set(rows.map(({ report }) => report)).size).toBe(rows.length);
  const absent = rows.flatMap(({ report, tests }) =>
    tests
      .filter(([file = '', name = '']) => !replays.includes(file) || !readFile(file).text.includes(`'${name}'`))
      .map((one) => `${report}: ${one.join(': ')}`),
  );
  expect(absent).toEqual([]);
});

test('every replay is named by a report', () => {
  const named = new Set(rows.flatMap(({ tests }) => tests.map(([file, name]) => `${file}: ${name}`)));
  expect(titles.filter((title) => !named.has(title))).toEqual([]);
});
