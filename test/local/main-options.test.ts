import { expect, test } from 'vitest';
import { mainOptions } from '../../local/main-options.ts';

test('without options the system runs until it is stopped, on what is stored', () => {
  expect(mainOptions([], '/home/me')).toEqual({ help: false, once: false, fresh: false, ports: {} });
});

test('a folder is relative to where the person is', () => {
  expect(mainOptions(['--state', 'data'], '/home/me').folder).toBe('/home/me/data');
  expect(mainOptions(['--state', '/data'], '/home/me').folder).toBe('/data');
});

test('ports are taken by name', () => {
  const args = ['--aws-port', '20001', '--erp-port=20002', '--crm-port', '20003', '--crm-control-port', '20004'];
  const ports = { aws: 20001, erp: 20002, crm: 20003, crmControl: 20004, reference: 20005 };
  expect(mainOptions([...args, '--reference-port', '20005'], '/').ports).toEqual(ports);
});

test('what is no port, or is asked for twice, is refused', () => {
  for (const port of ['80', 'x', '70000', '2000.5'])
    expect(() => mainOptions(['--aws-port', port], '/')).toThrow('--aws-port must be a port from 1024 to 65535.');
  expect(() => mainOptions(['--aws-port', '20001', '--erp-port', '20001'], '/')).toThrow('once only');
});

test('an argument that is no option is refused', () => {
  expect(() => mainOptions(['once'], '/')).toThrow('see --help');
});
