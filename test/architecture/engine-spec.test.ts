/** docs/engine-spec.md names for each rule of the engine what enforces it and what fails without it: both must be there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mutants } from '../mutants/mutants.ts';
import { root } from './source-files.ts';

interface Rule {
  readonly id: string;
  readonly enforcedIn: readonly string[];
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

/** A cell may name several, one a line. */
const lineBreak = '<br>';
const row = /^\| ([A-Z]\d+) \| .+ \| (`[^|]+`) \| (`[^|]+) \|$/;

function rulesIn(text: string): Rule[] {
  return text.split('\n').flatMap((line) => {
    const [, id, files, tests] = row.exec(line) ?? [];
    if (!id || !files || !tests) return [];
    const named = tests.split(lineBreak).map((one) => /^`([^`]+)`: (.+)$/.exec(one) ?? []);
    return [
      {
        id,
        enforcedIn: files.split(lineBreak).map((file) => file.replaceAll('`', '')),
        tests: named.map(([, file = '', name = '']) => ({ file, name })),
      },
    ];
  });
}

const text = readFileSync(path.join(root, 'docs/engine-spec.md'), 'utf8');
const rules = rulesIn(text);

test('every row of the rules is read, each number once', () => {
  const numbered = text.split('\n').filter((line) => /^\| [A-Z]\d+ /.test(line));
  expect(rules.length).toBeGreaterThan(60);
  expect(rules).toHaveLength(numbered.length);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});

test('the file that enforces a rule exists, and the test that fails without it', () => {
  const absent = rules.flatMap(({ id, enforcedIn, tests }) => {
    const files = [...enforcedIn, ...tests.map(({ file }) => file)];
    const gone = files.filter((file) => !existsSync(path.join(root, file)));
    if (gone.length > 0) return [`${id}: ${gone.join(', ')}`];
    // Of names made in a loop the part that all have in common is given.
    const unnamed = tests.filter(({ file, name }) => {
      return !readFileSync(path.join(root, file), 'utf8').replaceAll("\\'", "'").includes(name);
    });
    return unnamed.map(({ file, name }) => `${id}: no test "${name}" in ${file}`);
  });
  expect(absent).toEqual([]);
});

/** A suite is run by the test file that imports it, or that imports the suites which do. */
function runs(testFile: string, wanted: string): boolean {
  if (testFile === wanted) return true;
  const text = readFileSync(path.join(root, testFile), 'utf8');
  if (text.includes(`./${path.basename(wanted)}'`)) return true;
  const suites = [...text.matchAll(/ from '(\.[^']*-suite\.ts)'/g)].map(([, suite = '']) => suite);
  return suites.some((suite) => runs(path.join(path.dirname(testFile), suite), wanted));
}

test('every file that enforces a rule is broken by a fault, and every fault has a test of the rule to find it', () => {
  const loose = rules.flatMap(({ id, enforcedIn, tests }) => {
    const faults = mutants.filter(({ rule }) => rule === id);
    const unbroken = enforcedIn.filter((file) => !faults.some((fault) => fault.file === file));
    const unfound = faults.filter(({ killedBy }) => {
      return !killedBy.some((killer) => tests.some(({ file }) => runs(killer, file)));
    });
    return [...unbroken, ...unfound.map((fault) => fault.id)].map((one) => `${id}: ${one}`);
  });
  expect(loose).toEqual([]);
});

test('every fault breaks a rule that is written down', () => {
  const known = new Set(rules.map(({ id }) => id));
  expect(mutants.filter(({ rule }) => !known.has(rule)).map(({ id, rule }) => `${id}: ${rule}`)).toEqual([]);
});

test('the line that a fault breaks stands once in its file', () => {
  const misfits = mutants.filter(({ file, find }) => {
    return readFileSync(path.join(root, file), 'utf8').split(find).length !== 2;
  });
  expect(misfits.map(({ id }) => id)).toEqual([]);
});
