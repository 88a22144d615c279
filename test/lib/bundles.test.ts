import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Bundle, bundle, writeBundle } from '../../lib/bundle.ts';

const handlers = ['authorizer', 'connections', 'links', 'sync', 'session', 'dispatcher', 'worker'];
const bundles = new Map(handlers.map((handler) => [handler, bundle(handler)]));

function bundleOf(handler: string): Bundle {
  const known = bundles.get(handler);
  if (!known) throw new Error(`There is no handler ${handler}.`);
  return known;
}

/** Files that are loaded with this one, at once. */
function loadedWith(of: Bundle, file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const one of of.imports[file] ?? []) if (!one.isDynamic) loadedWith(of, one.file, found);
  return found;
}

const bytesOf = ({ code }: Bundle, files: Iterable<string>) =>
  [...files].reduce((bytes, file) => bytes + Buffer.byteLength(code[file] ?? ''), 0);

/** The file that a dynamic import of this source leads to. */
const fileOf = ({ code }: Bundle, source: string) =>
  Object.keys(code).find((file) => file.startsWith(`${source}-`)) ?? '';

test.each(handlers)('%s loads at most 900 KB before it is called', (handler) => {
  const one = bundleOf(handler);
  expect(bytesOf(one, loadedWith(one, one.entry))).toBeLessThanOrEqual(900_000);
});

test.each(['connections', 'links', 'sync', 'dispatcher', 'worker'])(
  '%s loads an adapter of at most 120 KB when it is used',
  (handler) => {
    const one = bundleOf(handler);
    const atOnce = loadedWith(one, one.entry);
    for (const adapter of ['superoffice', 'tryton']) {
      const file = fileOf(one, adapter);
      const more = [...loadedWith(one, file)].filter((name) => !atOnce.has(name));
      expect(more).toContain(file);
      expect(bytesOf(one, more)).toBeGreaterThan(20_000);
      expect(bytesOf(one, more)).toBeLessThanOrEqual(120_000);
    }
  },
);

test('session loads what it needs of a CRM when it is used, and no way to its records', () => {
  const one = bundleOf('session');
  const atOnce = loadedWith(one, one.entry);
  const file = fileOf(one, 'identity-provider');
  const more = [...loadedWith(one, file)].filter((name) => !atOnce.has(name));
  expect(more).toContain(file);
  expect(bytesOf(one, more)).toBeLessThanOrEqual(120_000);
});

test('the authorizer holds no adapter at all', () => {
  const { code } = bundleOf('authorizer');
  expect(Object.keys(code).filter((file) => /superoffice|tryton/.test(file))).toEqual([]);
});

test('a bundle holds the words of one language, not of all that zod knows', () => {
  const code = Object.values(bundleOf('worker').code).join('\n');
  // A failed `toContain` would print the whole bundle.
  expect({ english: code.includes('Invalid input'), dutch: code.includes('Ongeldige') }).toEqual({
    english: true,
    dutch: false,
  });
});

test.each(handlers)('%s asks for no module by require, which an ES module has not', (handler) => {
  expect(Object.values(bundleOf(handler).code).filter((code) => code.includes('Dynamic require of'))).toEqual([]);
});

test('the same sources give the same bytes, and each file but the first is named by its content', () => {
  const again = bundle('authorizer');
  expect(again.code === bundleOf('authorizer').code).toBe(false);
  expect(JSON.stringify(again) === JSON.stringify(bundleOf('authorizer'))).toBe(true);
  const names = Object.keys(again.code).filter((name) => name !== 'index.mjs');
  expect(names.filter((name) => !/-[A-Z0-9]{8}\.mjs$/.test(name))).toEqual([]);
  expect(again.code['index.mjs']).toBe(`export { handler } from './${again.entry}';\n`);
});

test('no map is deployed, and every file that is has one', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const code = readdirSync(writeBundle('authorizer', folder));
  expect(code.filter((name) => !name.endsWith('.mjs'))).toEqual([]);
  const maps = readdirSync(path.join(folder, 'maps'));
  expect(maps.sort()).toEqual(
    code
      .filter((name) => name !== 'index.mjs')
      .map((name) => `${name}.map`)
      .sort(),
  );
});

test('a folder that holds the bundle is left as it is, and else holds it alone', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const code = writeBundle('authorizer', folder);
  const entry = path.join(code, bundleOf('authorizer').entry);
  const writtenMs = () => statSync(entry).mtimeMs;
  const firstMs = writtenMs();
  writeBundle('authorizer', folder);
  expect(writtenMs()).toBe(firstMs);
  writeFileSync(entry, 'cut off');
  writeFileSync(path.join(code, 'left-behind.mjs'), '');
  writeBundle('authorizer', folder);
  expect(readFileSync(entry, 'utf8') === bundleOf('authorizer').code[path.basename(entry)]).toBe(true);
  expect(readdirSync(code)).not.toContain('left-behind.mjs');
});

test('the way from a logged frame to its source is found by the maps', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const code = writeBundle('authorizer', folder);
  const failing = `await import(${JSON.stringify(path.join(code, 'index.mjs'))}).catch((error) => console.log(error.stack))`;
  // Without its variables it fails where it parses them.
  const stack = execFileSync(process.execPath, ['--input-type=module', '-e', failing], { env: {}, encoding: 'utf8' });
  expect(stack).toMatch(/authorizer-[A-Z0-9]{8}\.mjs:\d+:\d+/);
  const frames = execFileSync(
    process.execPath,
    [path.resolve(import.meta.dirname, '../../cli/frames.ts'), '--maps', path.join(folder, 'maps')],
    { input: stack, encoding: 'utf8' },
  );
  expect(frames).toContain('functions/handlers/authorizer.ts:11:');
  expect(frames).not.toContain('.mjs:');
});
