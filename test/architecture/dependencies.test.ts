import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import rules, { functionsFolderNames } from '../../.dependency-cruiser.mjs';
import { allowed, breaches, type Import } from './breaches.ts';
import { cruiseTree } from './cruise-tree.ts';
import { root, sourceFiles } from './source-files.ts';

const tree = mkdtempSync(path.join(tmpdir(), 'erp-sync-breaches-'));
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const isOurs = (target: string) => /^[a-z]+\//.test(target);

function statement([file, kind, target]: Import): string {
  const from = isOurs(target) ? `./${path.posix.relative(path.posix.dirname(file), target)}` : target;
  const what = { value: 'import x from', type: 'import type X from', export: 'export { x } from' }[kind];
  return `${what} '${from}';\n`;
}

/** A tree of files that hold nothing but these imports. */
function layOut(imports: readonly Import[]): void {
  copyFileSync(path.join(root, 'package.json'), path.join(tree, 'package.json'));
  symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
  const files = new Set(imports.flatMap(([file, , target]) => (isOurs(target) ? [file, target] : [file])));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    const own = imports.filter(([importing]) => importing === file);
    writeFileSync(path.join(tree, file), own.map(statement).join(''));
  }
}

test('no import breaks a rule, and types are read too', async () => {
  const { breaches: found, typeImports, modules } = await cruiseTree(root);
  expect(found).toEqual([]);
  // A reader that cannot read TypeScript finds no breach either.
  expect(modules).toBeGreaterThan(200);
  expect(typeImports.length).toBeGreaterThan(200);
});

test('each rule fails on the imports that it forbids, and on no other', async () => {
  layOut([...allowed, ...breaches.flatMap(({ imports }) => imports)]);
  const { breaches: found } = await cruiseTree(tree);
  const expected = breaches.flatMap(({ rule, imports }) =>
    imports.map(([file, , target]) => `${rule}: ${file} → ${target.replace(/^node:/, '')}`),
  );
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test('each rule has an example of a breach', () => {
  const tried = new Set(breaches.map(({ rule }) => rule));
  expect(rules.forbidden.map(({ name }) => name).filter((name) => !tried.has(name ?? ''))).toEqual([]);
});

test('each folder of functions/ has its place in the order', () => {
  const folders = readdirSync(path.join(root, 'functions'), { withFileTypes: true });
  expect(folders.map(({ name }) => name).toSorted()).toEqual(functionsFolderNames.toSorted());
});

test('types are imported by statements, which the rules see', () => {
  const hidden = sourceFiles('functions', 'lib', 'local', 'cli').filter(({ text }) =>
    /(?<!await )\bimport\(/.test(text),
  );
  expect(hidden.map(({ path }) => path)).toEqual([]);
});

test('core, engine and features know neither the clock nor chance nor the environment', () => {
  const impure = sourceFiles('functions/core', 'functions/sync', 'functions/features').filter(({ text }) =>
    /\bDate\.now\(|new Date\(\)|\bperformance\.|Math\.random\(|randomUUID|process\.|\bfetch\(/.test(text),
  );
  expect(impure.map(({ path }) => path)).toEqual([]);
});

test('the core waits for nothing', () => {
  const waiting = sourceFiles('functions/core').filter(({ text }) => /\bset(Timeout|Interval|Immediate)\(/.test(text));
  expect(waiting.map(({ path }) => path)).toEqual([]);
});
