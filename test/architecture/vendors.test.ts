import { expect, test } from 'vitest';
import { builtInConnectors } from '../../functions/wiring/record-systems.ts';
import { sourceFiles } from './source-files.ts';

const list = 'functions/wiring/record-systems.ts';
const vendorFolder = /^functions\/adapters\/(crm|erp)\/([^/]+)\//;

/** `{side}/{vendor}` of every vendor's folder. */
const vendors = [
  ...new Set(
    sourceFiles('functions/adapters').flatMap(({ path }) => {
      const [, side, vendor] = vendorFolder.exec(path) ?? [];
      return side && vendor ? [`${side}/${vendor}`] : [];
    }),
  ),
].sort();

test('every vendor’s folder has a connector, in the list by the name of the folder', () => {
  const listed = (['crm', 'erp'] as const).flatMap((side) =>
    builtInConnectors[side].map(({ kind }) => `${side}/${kind}`),
  );
  expect(listed.sort()).toEqual(vendors);
});

test('nothing but its folder and the list names a vendor', () => {
  const names = vendors.map((vendor) => vendor.slice(vendor.indexOf('/') + 1).replaceAll('-', '[- ]?'));
  const named = new RegExp(names.join('|'), 'i');
  const files = sourceFiles('functions', 'lib', 'cli').filter(({ path }) => path !== list && !vendorFolder.test(path));
  expect(files.length).toBeGreaterThan(150);
  expect(files.filter(({ path, text }) => named.test(path + text)).map(({ path }) => path)).toEqual([]);
});
