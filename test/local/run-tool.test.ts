import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { demoAdministrator, demoUsers } from '../../local/identity-provider/demo-users.ts';
import { usage as signInUsage } from '../../local/identity-provider/sign-in-usage.mjs';
import { bareCheckout } from './bare-checkout.ts';

const CHECKOUT = path.resolve(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(path.join(CHECKOUT, 'package.json'), 'utf8'));
const runFile = promisify(execFile);

test('every npm script tells its help in a fresh clone, where nothing is installed for it', async () => {
  const { folder } = bareCheckout({});
  const helpOf = async (name: string) => {
    const args = String(scripts[name]).replace('exec node ', '').split(' ');
    const env = { PATH: path.join(folder, 'bin'), npm_lifecycle_event: name };
    const { stdout, stderr } = await runFile(process.execPath, [...args, '--help'], { cwd: folder, env });
    expect(stderr).toBe('');
    return [name, stdout];
  };
  const help = Object.fromEntries(await Promise.all(Object.keys(scripts).map(helpOf)));
  expect(help.tenant).toMatch(/^Usage: npm run tenant -- create /);
  expect(help.lint).toBe(
    'npm run lint runs biome check ., with what comes after the -- behind it. The help of biome comes with the npm packages, which are not here yet: npm ci installs them.\n',
  );
  for (const [name, text] of Object.entries(help)) expect(text).toMatch(new RegExp(`npm (run (--silent )?)?${name}`));
});

test.each([
  ['tenant', '--nonsense'],
  ['tenant', ''],
  ['config', 'plann'],
  ['config', 'plan', '--demo', '--fil=set-up.yaml'],
  // Words of the usage that are options of something else.
  ['config', 'export', '--demo', '--state', 'x'],
  ['config', 'export', '--demo', '--silent'],
  ['sign-in', 'bob'],
  ['frames', '-x'],
  ['openapi', '--nonsense'],
  ['bench', '--nonsense'],
  ['test:mutants', '--nonsense'],
])(
  'npm run %s -- %s … is refused in a fresh clone with what there is, before anything is installed',
  (name, ...given) => {
    const { run } = bareCheckout({ npm: 'echo npm is called >&2' });
    const args = String(scripts[name]).replace('exec node ', '').split(' ');
    const { status, stderr } = run([...args, ...given.filter(Boolean)]);
    expect(stderr).toMatch(/^(There is no option --?\w+|Say one of [\w, -]+)\.\n\n(Usage: )/);
    expect(stderr).not.toContain('npm is called');
    expect(status).toBe(2);
  },
);

test.each([
  ['tenant', 'create', '--stage=dev', '--crm-context', 'Cust1'],
  ['config', '--demo', 'plan', '--file', 'x.yaml'],
  ['sign-in', 'tom'],
  ['frames', '--maps', 'x'],
  ['openapi', ''],
  ['bench', '--only', 'cost'],
  ['test:mutants', '--list'],
])('npm run %s -- %s … goes on to the installation', (name, ...given) => {
  const { run } = bareCheckout({ npm: 'echo npm is called >&2; exit 1' });
  const args = String(scripts[name]).replace('exec node ', '').split(' ');
  expect(run([...args, ...given.filter(Boolean)]).stderr).toContain('npm is called');
});

test('the help of a sign-in names all who may', () => {
  for (const user of [demoAdministrator, ...demoUsers]) expect(signInUsage).toContain(user);
});
