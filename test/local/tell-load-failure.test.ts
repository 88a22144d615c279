import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CHECKOUT } from '../../local/checkout.mjs';
import { temporaryFolder } from './temporary-folder.ts';

function run(texts: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  const all = { 'package.json': '{"type":"module"}', ...texts };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
  const main = path.join(folder, 'main.ts');
  const args = ['--import', './local/tell-load-failure.mjs', main];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: CHECKOUT, encoding: 'utf8' });
  return { folder, name: path.relative(CHECKOUT, main), status, stdout, stderr };
}

test.each([
  ['a syntax error', 'const one = 1;\nconst x = = 3;\n', ':2'],
  ['what Node cannot strip', 'const one = 1;\nenum Strange { A }\n', ':2'],
  ['a name that is not exported', "import { none } from './other.ts';\nnone();\n", ':1'],
])('%s in a part of a program is one line: what does not load, the error, file and line', (_, part, line) => {
  const { folder, name, status, stderr } = run({
    ...{ 'main.ts': "import './part.ts';\n", 'part.ts': part },
    'other.ts': 'export const other = 1;\n',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^\S+ does not load: SyntaxError.*\n$/);
  expect(stderr).toContain(`${name} does not load`);
  expect(stderr).toContain(`(${path.join(folder, 'part.ts')}${line})\n`);
});

test('a file that is not there is one line with who asks for it', () => {
  const { folder, status, stderr } = run({ 'main.ts': "import './part.ts';\n", 'part.ts': "import './nowhere.ts';\n" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^\S+ does not load: Error.*\n$/);
  expect(stderr).toContain(`nowhere.ts' imported from ${path.join(folder, 'part.ts')}\n`);
});

test('what a running program throws is told by Node, with the way there', () => {
  for (const text of ['JSON.parse("x");\n', 'throw new TypeError("no");\n']) {
    const { status, stderr } = run({ 'main.ts': text });
    expect(status).toBe(1);
    expect(stderr).toMatch(/main\.ts:1:\d+/);
    expect(stderr).not.toContain('does not load');
  }
  const { stderr } = run({ 'main.ts': 'throw null;\n' });
  expect(stderr).toMatch(/^null$/m);
  expect(stderr).not.toContain('TypeError');
});
