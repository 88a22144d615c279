import { expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';

const files = sourceFiles('functions', 'lib', 'local', 'cli', 'bench', 'test');
const own = files.filter(({ path }) => !path.startsWith('test/'));
const lines = (text: string) => text.split('\n').length - 1;

test('file names are in kebab case', () => {
  const odd = files.filter(
    ({ path }) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|mjs)$/.test(path),
  );
  expect(odd.map(({ path }) => path)).toEqual([]);
});

test('no file is too long to be read at once', () => {
  const long = files.filter(({ path, text }) => lines(text) > (path.startsWith('test/') ? 500 : 400));
  expect(long.map(({ path, text }) => `${path}: ${lines(text)}`)).toEqual([]);
});

test('half of the files have about 80 lines or fewer', () => {
  const lengths = own.map(({ text }) => lines(text)).toSorted((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(90);
});

test('nine files of ten have fewer than 200 lines', () => {
  const long = own.filter(({ text }) => lines(text) >= 200);
  expect(long.length / own.length).toBeLessThanOrEqual(0.1);
});

test('a handler fits on one screen', () => {
  const long = files.filter(({ path, text }) => /^functions\/handlers\/[^/]+$/.test(path) && lines(text) > 40);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test('no name says utils, helpers or manager', () => {
  const vague = files.filter(({ path }) => /util|helper|manager|impl\b|\/index\.ts$/i.test(path));
  expect(vague.map(({ path }) => path)).toEqual([]);
});
