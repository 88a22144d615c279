/** docs/engine-spec.md names for each rule of the engine what enforces it and what fails without it: both must be there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mutants } from '../mutants/mutants.ts';
import { root } from './source-files.ts';

interface Rule {
  readonly id: string;
  readonly enforcedIn: string;
  readonly testFile: string;
  readonly testName: string;
}

const row = /^\| ([A-Z]\d+) \| (.+) \| `([^`]+)` \| `([^`]+)`: (.+) \|$/;

function rulesIn(text: string): Rule[] {
  return text.split('\n').flatMap((line) => {
    const [, id, , enforcedIn, testFile, testName] = row.exec(line) ?? [];
    return id && enforcedIn && testFile && testName ? [{ id, enforcedIn, testFile, testName }] : [];
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
  const absent = rules.flatMap(({ id, enforcedIn, testFile, testName }) => {
    const files = [enforcedIn, testFile].filter((file) => !existsSync(path.join(root, file)));
    if (files.length > 0) return [`${id}: ${files.join(', ')}`];
    // Of names made in a loop the part that all have in common is given.
    const named = readFileSync(path.join(root, testFile), 'utf8').replaceAll("\\'", "'").includes(testName);
    return named ? [] : [`${id}: no test "${testName}" in ${testFile}`];
  });
  expect(absent).toEqual([]);
});

/** A suite is run by the test file that imports it. */
function runs(testFile: string, wanted: string): boolean {
  return testFile === wanted || readFileSync(path.join(root, testFile), 'utf8').includes(`./${path.basename(wanted)}'`);
}

test('every rule is broken by a fault in the file that enforces it, which its test is there to find', () => {
  const unbroken = rules.filter(
    ({ id, enforcedIn, testFile }) =>
      !mutants.some(
        ({ rule, file, killedBy }) =>
          rule === id && file === enforcedIn && killedBy.some((killer) => runs(killer, testFile)),
      ),
  );
  expect(unbroken.map(({ id }) => id)).toEqual([]);
});

test('every fault breaks a rule that is written down', () => {
  const known = new Set(rules.map(({ id }) => id));
  expect(mutants.filter(({ rule }) => !known.has(rule)).map(({ id, rule }) => `${id}: ${rule}`)).toEqual([]);
});
