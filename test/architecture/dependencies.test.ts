import { expect, test } from 'vitest';
import { importsOf, type SourceFile, sourceFiles } from './source-files.ts';

/** `file → target` for every import that the rule does not allow. */
function breaches(files: SourceFile[], allows: (target: string, file: SourceFile, isTypeOnly: boolean) => boolean) {
  return files.flatMap((file) =>
    file.imports
      .filter(({ target, isTypeOnly }) => !allows(target, file, isTypeOnly))
      .map(({ target }) => `${file.path} → ${target}`),
  );
}

const within = (...folders: string[]) => {
  return (target: string) => folders.some((folder) => target.startsWith(`functions/${folder}/`));
};
const isOurs = (target: string) => target.endsWith('.ts') || target.endsWith('.mjs');

/** The folder of one vendor. */
function vendorOf(path: string): string {
  const folder = /^functions\/adapters\/((?:crm|erp)\/[^/]+|[^/]+)\//.exec(path)?.[1] ?? path;
  return folder;
}

test('imports of every form are read', () => {
  const text = [
    "import one from './one.ts';",
    "import type { Two } from '../two.ts';",
    "import {\n  three,\n  type Four,\n} from 'three';",
    "export { five } from './five.ts';",
    "import './six.ts';",
    "const seven = await import('./seven.ts');",
    "const text = 'from nowhere';",
  ].join('\n');
  expect(importsOf('lib/x/y.ts', text)).toEqual([
    { target: 'lib/x/one.ts', isTypeOnly: false },
    { target: 'lib/two.ts', isTypeOnly: true },
    { target: 'three', isTypeOnly: false },
    { target: 'lib/x/five.ts', isTypeOnly: false },
    { target: 'lib/x/six.ts', isTypeOnly: false },
    { target: 'lib/x/seven.ts', isTypeOnly: false },
  ]);
});

test('core imports zod and core only; the fingerprint alone hashes', () => {
  const isCore = within('core');
  const found = breaches(sourceFiles('functions/core'), (target, { path }) => {
    if (target === 'node:crypto') return path === 'functions/core/values/fingerprint.ts';
    return target === 'zod' || isCore(target);
  });
  expect(found).toEqual([]);
});

test('core knows neither the clock nor chance', () => {
  const impure = sourceFiles('functions/core').filter(({ text }) =>
    /Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|process\.|fetch\(/.test(text),
  );
  expect(impure.map(({ path }) => path)).toEqual([]);
});

test('ports import zod, core and ports only', () => {
  const isAllowed = within('core', 'ports');
  expect(breaches(sourceFiles('functions/ports'), (target) => target === 'zod' || isAllowed(target))).toEqual([]);
});

test('use cases import core, ports and each other only: no SDK, no network, no clock', () => {
  const files = sourceFiles('functions/sync', 'functions/features');
  const isAllowed = within('core', 'ports', 'sync', 'features');
  expect(breaches(files, (target) => ['zod', 'node:crypto'].includes(target) || isAllowed(target))).toEqual([]);
  const impure = files.filter(({ text }) => /\bfetch\(|Date\.now\(|new Date\(\)|Math\.random\(|process\./.test(text));
  expect(impure.map(({ path }) => path)).toEqual([]);
});

test('adapters import core, ports, what HTTP has in common and their own vendor only', () => {
  const isAllowed = within('core', 'ports', 'adapters/http');
  const found = breaches(
    sourceFiles('functions/adapters'),
    (target, { path }) => !isOurs(target) || isAllowed(target) || vendorOf(target) === vendorOf(path),
  );
  expect(found).toEqual([]);
});

test('http, queue and handlers import no adapter and no SDK', () => {
  const found = breaches(
    sourceFiles('functions/http', 'functions/queue', 'functions/handlers'),
    (target) => !target.startsWith('functions/adapters/') && !target.startsWith('@aws-sdk/'),
  );
  expect(found).toEqual([]);
});

test('handlers depend on use cases, never the other way round', () => {
  const isAllowed = within('core', 'ports', 'sync', 'features', 'http', 'queue');
  const found = breaches(
    sourceFiles('functions/http', 'functions/queue'),
    (target) => !isOurs(target) || isAllowed(target),
  );
  expect(found).toEqual([]);
});

test('adapters are constructed by the wiring alone', () => {
  const files = sourceFiles('functions', 'lib', 'cli').filter(({ path }) => !path.startsWith('functions/adapters/'));
  const found = breaches(
    files,
    (target, { path }) =>
      !target.startsWith('functions/adapters/') || /^functions\/wiring\/(wiring[a-z-]*|record-systems)\.ts$/.test(path),
  );
  expect(found).toEqual([]);
});

test('the infrastructure takes types of the environment and plain values of the timing rules, no other runtime code', () => {
  const found = breaches(sourceFiles('lib'), (target, _file, isTypeOnly) => {
    if (!isOurs(target) || target.startsWith('lib/')) return true;
    return target.startsWith('functions/core/timing/') || (target === 'functions/wiring/env.ts' && isTypeOnly);
  });
  expect(found).toEqual([]);
});

test('runtime code knows nothing of the infrastructure, the tools or the tests', () => {
  const found = breaches(
    sourceFiles('functions'),
    (target) => (!isOurs(target) || target.startsWith('functions/')) && !target.startsWith('aws-cdk'),
  );
  expect(found).toEqual([]);
});

test('the CRM simulator shares no code with the service', () => {
  const found = breaches(
    sourceFiles('local').filter(({ path }) => path.startsWith('local/crm-simulator/')),
    (target) => !target.startsWith('functions/') && !target.startsWith('lib/'),
  );
  expect(found).toEqual([]);
});
