import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commentsOf, isThere, namedFiles } from './named-files.ts';
import { filesBelow, readFile, root, sourceFiles } from './source-files.ts';

const files = [...filesBelow('functions', 'lib', 'local', 'cli', 'bench', 'test', 'docs'), ...readdirSync(root)];

function lostFiles(namedBy: string, text: string): string[] {
  return namedFiles(text)
    .filter((name) => !isThere(name, namedBy, files))
    .map((name) => `${namedBy}: ${name}`);
}

test('every file named in a comment exists', () => {
  const sources = sourceFiles('functions', 'lib', 'local', 'cli', 'bench', 'test');
  expect(sources.flatMap(({ path, text }) => lostFiles(path, commentsOf(text)))).toEqual([]);
});

test('every file named in a document exists', () => {
  const documents = ['README.md', ...filesBelow('docs').filter((file) => file.endsWith('.md'))].map(readFile);
  expect(documents.flatMap(({ path, text }) => lostFiles(path, text))).toEqual([]);
});

test('comments are told from code, and files from other words', () => {
  const source = [
    "import { a } from './in-code.ts'; // see core/merge/in-line.ts",
    "const address = 'https://example.com/not-a-comment.ts';",
    '/** By `in-block.ts`,',
    ' * test/property/ and functions/wiring/wiring*.ts. */',
  ].join('\n');
  expect(namedFiles(commentsOf(source))).toEqual([
    'core/merge/in-line.ts',
    'in-block.ts',
    'test/property/',
    'functions/wiring/wiring*.ts',
  ]);
  const prose =
    'GET /v1/links/{id}, `links/preview`, Node.js, and/or, `local/.state/endpoints.json`, https://lib/docs/a.md';
  expect(namedFiles(prose)).toEqual([]);
});

test.each([
  ['functions/core/merge/plan.ts', true],
  ['core/merge/plan.ts', true],
  ['functions/core/merge/plans.ts', false],
  ['core/plan.ts', false],
  // By a name that one file has, by one beside the file that names it, and by one that two others have.
  ['lanes.ts', true],
  ['engine.ts', true],
  ['record.ts', false],
  ['no-such.test.ts', false],
  ['README.md', true],
  ['test/core/', true],
  ['test/nothing', false],
  ['adapters/erp/*/read', true],
  ['functions/wiring/wiring*.ts', false],
])('%s is found: %s', (name, expected) => {
  const known = [
    'README.md',
    'functions/adapters/crm/superoffice/read/record.ts',
    'functions/adapters/erp/tryton/read/record.ts',
    'functions/core/merge/plan.ts',
    'functions/core/timing/lanes.ts',
    'functions/sync/engine.ts',
    'test/core/engine.ts',
  ];
  expect(isThere(name, 'functions/sync/look.ts', known)).toBe(expected);
});
