import { expect, test } from 'vitest';
import { mainOptionNames, mainOptions } from '../../local/main-options.mjs';
import { takenByNpm } from '../../local/npm-options.mjs';
import { openState } from '../../local/state.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('without options the system runs until it is stopped, on what is stored', () => {
  expect(mainOptions([], '/home/me')).toEqual({ help: false, once: false, fresh: false, ports: {} });
});

test('a folder is relative to where the person is', () => {
  expect(mainOptions(['--state', 'data'], '/home/me')).toMatchObject({ folder: '/home/me/data' });
  expect(mainOptions(['--state', '/data'], '/home/me')).toMatchObject({ folder: '/data' });
});

test('ports are taken by name', () => {
  const args = ['--aws-port', '20001', '--erp-port=20002', '--crm-port', '20003', '--crm-control-port', '20004'];
  const ports = { aws: 20001, erp: 20002, crm: 20003, crmControl: 20004, reference: 20005 };
  expect(mainOptions([...args, '--reference-port', '20005'], '/')).toMatchObject({ ports });
});

test('every port of the system can be asked for', async () => {
  const { ports, close } = await openState({ folder: temporaryFolder() });
  close({ clean: true });
  const args = mainOptionNames
    .filter((name) => name.endsWith('-port=N'))
    .flatMap((name, at) => [`--${name.slice(0, -2)}`, `${30_000 + at}`]);
  const options = mainOptions(args, '/');
  expect('ports' in options && Object.keys(options.ports).sort()).toEqual(Object.keys(ports).sort());
});

test('what is no port, or is asked for twice, is refused', () => {
  for (const port of ['80', 'x', '70000', '2000.5'])
    expect(mainOptions(['--aws-port', port], '/')).toEqual({ fault: '--aws-port must be a port from 1024 to 65535.' });
  const twice = mainOptions(['--aws-port', '20001', '--erp-port', '20001'], '/');
  expect(twice).toEqual({ fault: 'Port 20001 can be asked for once only.' });
});

test('an argument that is no option is refused', () => {
  expect(mainOptions(['once'], '/')).toEqual({ fault: expect.stringContaining('see --help') });
});

test('options that npm kept to itself are said with the right spelling, and nothing else of npm is', () => {
  const env = { npm_config_once: 'true', npm_config_aws_port: '20001', npm_config_cache: '/x', once: 'true' };
  expect(takenByNpm('start', mainOptionNames, env)).toBe(
    'npm kept --once --aws-port 20001 to itself, for options need a -- before them: npm start -- --once --aws-port 20001',
  );
  const value = takenByNpm('start', mainOptionNames, { npm_config_aws_port: 'true' });
  expect(value).toContain('npm start -- --aws-port N');
  expect(takenByNpm('run config', ['demo'], { npm_config_demo: 'true' }, ['export'])).toMatch(
    /: npm run config -- export --demo$/,
  );
  const mixed = takenByNpm('start', mainOptionNames, { npm_config_state: 'true' }, [
    'data',
    '--once',
    '--aws-port',
    '20001',
  ]);
  expect(mixed).toMatch(/: npm start -- --state DIR --once --aws-port 20001$/);
  expect(takenByNpm('start', mainOptionNames, { npm_config_cache: '/x' })).toBe('');
});
