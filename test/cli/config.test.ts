import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Ajv } from 'ajv';
import { expect, onTestFinished, test } from 'vitest';
import { configApi } from '../../cli/config-api.ts';
import { configOptions } from '../../cli/config-options.ts';
import { readYaml, writeYaml } from '../../cli/config-yaml.ts';
import { demoApi } from '../../cli/demo-api.ts';
import { fillSecrets } from '../../cli/fill-secrets.ts';
import { runConfig } from '../../cli/run-config.ts';
import { SyncError } from '../../functions/core/errors.ts';
import { configSchema } from '../../local/reference/config-schema.ts';
import { ApiWorld, goodPassword } from '../features/api-world.ts';
import { exported, nameUnclaimed, wholeWorld } from '../features/config/config-world.ts';
import { addConnection, withCrm } from '../features/set-up-steps.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The command against an API in memory. */
async function commandOn(world: ApiWorld) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const rawBody = (await text(request)) || undefined;
    asked.push(`${request.method} ${request.url}`);
    const { status, json } = await world.send(request.method ?? '', request.url ?? '', { ...(rawBody && { rawBody }) });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(json));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(path.join(tmpdir(), 'erp-sync-config-'));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const run = async (args: string[], environment: Record<string, string> = {}) => {
    const said = { out: '', err: '' };
    const code = await runConfig(args, {
      environment: { ERP_SYNC_URL: url, ERP_SYNC_KEY: 'esk_1', ...environment },
      folder,
      out(words) {
        said.out += words;
      },
      err(line) {
        said.err += `${line}\n`;
      },
    });
    return { code, ...said };
  };
  return {
    ...{ run, asked },
    read: (file: string) => readFileSync(path.join(folder, file), 'utf8'),
    write: (file: string, content: string | Buffer) => writeFileSync(path.join(folder, file), content),
  };
}

test('what is sent goes to the address that was given, whatever that answers', async () => {
  const got: string[] = [];
  const elsewhere = createServer(async (request, response) => {
    got.push(await text(request));
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const there = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  const api = createServer((_, response) => response.writeHead(307, { location: there }).end()).listen(0, '127.0.0.1');
  await once(api, 'listening');
  onTestFinished(() => {
    for (const server of [api, elsewhere]) server.close();
  });
  const call = configApi({ url: `http://127.0.0.1:${(api.address() as AddressInfo).port}`, key: 'esk_1' });
  await expect(call('POST', '/config/plan', '{}')).rejects.toThrow(/answered 307/);
  expect(got).toEqual([]);
});

const example = /```yaml\n(.*?)```/s.exec(readFileSync(path.join(root, 'docs/config.md'), 'utf8'))?.[1] ?? '';

test('the example of docs/config.md is planned, applied once, and exported again', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const { run, read, write, asked } = await commandOn(world);
  write('example.yaml', example);
  const secret = { BOOKS_PASSWORD: goodPassword };
  const unset = await run(['plan', '--file', 'example.yaml']);
  expect(unset).toMatchObject({ code: 1, out: '' });
  expect(unset.err).toBe(
    'example.yaml:16:17: connections[0].config.password: The variable BOOKS_PASSWORD is not set\nNothing was sent.\n',
  );
  expect(asked).toEqual(['GET /v1/connector-types?limit=200']);
  const planned = await run(['plan', '--file', 'example.yaml'], secret);
  expect(planned).toMatchObject({ code: 3, err: '' });
  expect(planned.out).toContain('+ connector "Books" is made');
  expect(planned.out).toContain('+ connection "Books of Utrecht" is made');
  expect(planned.out).toContain('    config.password: set\n');
  const applied = await run(['apply', '--file', 'example.yaml'], secret);
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect(applied.out).toContain('+ connection "Books of Utrecht" was made');
  expect(await run(['plan', '--file', 'example.yaml'], secret)).toEqual({
    code: 0,
    out: 'Nothing differs.\n',
    err: '',
  });
  expect(await run(['export', '--file', 'again.yaml'])).toEqual({
    code: 0,
    out: '',
    err: 'Written to again.yaml: 1 connector, 1 connection.\n',
  });
  // The file itself goes nowhere else, and nothing goes into it.
  expect(await run(['export'])).toMatchObject({ code: 0, out: expect.stringContaining('version: 1'), err: '' });
  const again = read('again.yaml');
  expect(again).toMatch(/^# yaml-language-server: \$schema=.*docs\/config\.schema\.json\n/);
  expect(again).toContain(`password: \${env:BOOKS_OF_UTRECHT_PASSWORD}`);
  expect((await run(['plan', '--file', 'again.yaml'], { BOOKS_OF_UTRECHT_PASSWORD: goodPassword })).code).toBe(0);
  expect(planned.out + applied.out + again).not.toContain(goodPassword);
});

test('what a system says neither steers the terminal nor looks like a line of the command', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const { run, write } = await commandOn(world);
  write('example.yaml', example);
  const explanation = '\u001b[2J\u009b2J\u202e\r\nNothing differs.';
  world.erpError = () => new SyncError('unauthorised', 'The ERP refuses.', { explanation });
  const secret = { BOOKS_PASSWORD: goodPassword };
  const told = await run(['plan', '--file', 'example.yaml'], secret);
  expect(told.code).toBe(1);
  expect(told.out).toContain('The system says: \\u001b[2J\\u009b2J\\u202e\\u000d\\u000aNothing differs.');
  expect(told.out + told.err).toMatch(/^[^\p{Cc}\u202e]*(\n[^\p{Cc}\u202e]*)*$/u);
  const { out } = await run(['plan', '--file', 'example.yaml', '--json'], secret);
  expect(out).not.toMatch(/[\u0080-\u009f\u202e]/);
  expect(JSON.parse(out).connections[0].explanation).toBe(explanation);
});

test('a change is shown old to new, what is refused with its line, and what is left alone', async () => {
  const world = await wholeWorld();
  const { run, read, write } = await commandOn(world);
  await run(['export', '--file', 'a.yaml']);
  const secret = { DEMO_ERP_PASSWORD: goodPassword };
  write('b.yaml', read('a.yaml').replace('In Utrecht', 'In Antwerp'));
  const planned = await run(['plan', '--file', 'b.yaml'], secret);
  expect(planned.code).toBe(3);
  expect(planned.out).toBe('~ connection "Demo ERP" is changed\n    description: In Utrecht → In Antwerp\n');
  expect(JSON.parse((await run(['plan', '--file', 'b.yaml', '--json'], secret)).out)).toMatchObject({ same: false });
  const faulty = read('a.yaml').replace('crmField: phone', 'crmField: fax');
  write('c.yaml', faulty);
  const refused = await run(['apply', '--file', 'c.yaml'], secret);
  const line = faulty.split('\n').findIndex((one) => one.includes('crmField: fax')) + 1;
  expect(refused.code).toBe(1);
  expect(refused.out).toBe('! connection "Demo ERP" is refused\n');
  expect(refused.err).toMatch(
    new RegExp(
      `^c\\.yaml:${line}:\\d+: connections\\[0\\]\\.actorTypes\\.customer\\.fields\\[\\d\\]\\.crmField: The CRM has`,
    ),
  );
  write('d.yaml', 'version: 1\nconnectors: []\nconnections: []\ncolour: red\n');
  const misformed = await run(['plan', '--file', 'd.yaml'], secret);
  expect([misformed.code, misformed.err.split('\n')[0]]).toEqual([
    1,
    'd.yaml:4:9: colour: There is no such property; there are version, connectors, connections',
  ]);
  write('e.yaml', 'version: 1\nconnectors: []\nconnections: []\n');
  const empty = await run(['plan', '--file', 'e.yaml'], secret);
  expect(empty.out).toBe(
    'Not in the file, and left alone:\n    connector "Tryton"\n    connection "Demo ERP"\nNothing differs.\n',
  );
});

test('an export that is refused says which names are shared, and by which ids', async () => {
  const world = await wholeWorld();
  await nameUnclaimed(world, await addConnection(world, 'Second'), 'Demo ERP');
  const { run } = await commandOn(world);
  const { code, out, err } = await run(['export']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(
    /^connectors: Several .*\nconnections: Several are called "Demo ERP" \(.*\nThe API answered 409: /,
  );
});

test('the key of the command itself is sent to no system', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const { run, write } = await commandOn(world);
  write('example.yaml', example.replace('BOOKS_PASSWORD', 'ERP_SYNC_KEY'));
  const { code, err } = await run(['plan', '--file', 'example.yaml']);
  expect([code, err]).toEqual([1, expect.stringContaining("The variable ERP_SYNC_KEY is this command's own")]);
});

test('what cannot be read, sent or reached is one sentence, and wrong use tells the right one', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const { run, write } = await commandOn(world);
  expect(await run(['plan', '--file', 'none.yaml'])).toMatchObject({
    code: 1,
    err: 'The file none.yaml cannot be read.\n',
  });
  const unwritten = await run(['export', '--file', 'none/a.yaml']);
  expect([unwritten.code, unwritten.out]).toEqual([1, '']);
  expect(unwritten.err).toMatch(/^The file .*none\/a\.yaml cannot be written \(ENOENT\)\.\n$/);
  expect((await run(['plan'])).code).toBe(2);
  expect(await run(['--help'])).toMatchObject({ code: 0, err: '' });
  write('large.yaml', `version: 1\nconnectors: []\nconnections: []\nx: "${'x'.repeat(1_000_000)}"\n`);
  expect((await run(['plan', '--file', 'large.yaml'])).err).toMatch(/bytes as JSON.*\nDivide it by connections/);
  const gone = await run(['export'], { ERP_SYNC_URL: 'http://127.0.0.1:9' });
  expect(gone).toEqual({ code: 1, out: '', err: 'The API at http://127.0.0.1:9 does not answer.\n' });
  const page = createServer((_, response) => void response.end('<html>')).listen(0, '127.0.0.1');
  onTestFinished(() => void page.close());
  await once(page, 'listening');
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  const other = await run(['export'], { ERP_SYNC_URL: url });
  expect(other).toEqual({ code: 1, out: '', err: `What answers at ${url} is not this API.\n` });
});

test.each([
  [['connector: Books', 'connector: Boks'], 'connections[0].connector: The file has no connector of this name'],
  [['kind: tryton', 'kind: triton'], 'connectors[0].kind: '],
] as const)('a file with %j is told of that, and not of its secrets', async ([right, wrong], fault) => {
  const world = new ApiWorld();
  await withCrm(world);
  const { run, write } = await commandOn(world);
  write('example.yaml', example.replace(right, wrong));
  const { code, err } = await run(['plan', '--file', 'example.yaml'], { BOOKS_PASSWORD: goodPassword });
  expect([code, err.includes(fault), err.includes('secret')]).toEqual([1, true, false]);
});

test.each([
  [['export', '--json'], '--json is for'],
  [['plan', '--file', 'a'], '--url'],
  [['plan', '--file', 'a', '--url', 'here'], '--url'],
  [['plan', '--file', 'a', '--url', 'https://'], '--url'],
  [['plan', '--file', 'a', '--url', 'https://x'], '--key'],
  [['plan', '--file', 'a', '--url', 'http://sync.example.com', '--key', 'esk_1'], 'not https'],
  [['export', '--url', 'http://localhost.example.com', '--key', 'esk_1'], 'not https'],
  [['export', '--url', 'http://127.example.com', '--key', 'esk_1'], 'not https'],
  [['export', '--url', 'https://x', '--key', 'esk_…'], 'is no key'],
  [['show'], 'export, plan or apply'],
  [['plan', '--force'], '--force'],
])('%j is refused with its reason', (args, reason) => {
  expect(configOptions(args, {})).toMatchObject({ fault: expect.stringContaining(reason) });
});

test.each(['http://127.0.0.1:8000', 'http://localhost:8000/v1', 'http://[::1]:8000', 'https://sync.example.com'])(
  'a key is sent to %s',
  (url) => {
    expect(configOptions(['export', '--url', url, '--key', 'esk_1'], {})).toMatchObject({ act: 'export' });
  },
);

test.each([
  ['a: &x 1\nb: *x\n', ['f:2:4: Aliases are not taken: write it out']],
  ['a: 1\na: 2\n', ['f:2:1: Map keys must be unique']],
  ['a: !secret x\n', ['f:1:4: Unresolved tag: !secret']],
  ['a: 1\n---\nb: 2\n', [expect.stringMatching(/^f:2:1: /)]],
  ['a:\n\tb: 1\n', [expect.stringMatching(/^f:2:\d+: Tabs are not allowed/)]],
  ['a: 1\r\na: 2\r\n', ['f:2:1: Map keys must be unique']],
  ['', ['f: Is empty: it must say version, connectors and connections']],
  ['# nothing\n', ['f: Is empty: it must say version, connectors and connections']],
  ['- a\n', ['f: It must say version, connectors and connections']],
  ['text\n', ['f: It must say version, connectors and connections']],
  [`a: ${'['.repeat(40)}${']'.repeat(40)}\n`, [expect.stringMatching(/^f:1:\d+: Is nested deeper than any set-up$/)]],
  [`a: ${'['.repeat(200_000)}`, [expect.stringMatching(/^f.*: Is nested deeper than any set-up$/)]],
  [`a: ${'['.repeat(3_000)}${']'.repeat(3_000)}`, [expect.stringMatching(/^f.*: Is nested deeper than any set-up$/)]],
  ['a: [1\n', [expect.stringMatching(/^f:\d+:\d+: /)]],
])('%j is refused with line and column', (yaml, faults) => {
  expect(readYaml('f', yaml)).toEqual({ ok: false, faults });
});

test('a byte order mark and line ends of Windows make no difference', () => {
  const read = readYaml('f', '\ufeffversion: 1\r\nconnectors: []\r\n');
  expect(read.ok && read.value).toEqual({ version: 1, connectors: [] });
});

test('a file of another form than a set-up is refused in a few lines, and nothing of it is sent', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const { run, write, asked } = await commandOn(world);
  for (const content of ['', 'a: ['.repeat(100_000), 'x'.repeat(10_000_000), '\t{}\n'.repeat(1_000)]) {
    write('odd.yaml', content);
    const { code, out, err } = await run(['plan', '--file', 'odd.yaml']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^odd\.yaml:/);
    expect(err).not.toMatch(/stack/i);
    expect(err.split('\n').length).toBeLessThan(60);
  }
  write('odd.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xff]));
  expect((await run(['plan', '--file', 'odd.yaml'])).err).toBe('The file odd.yaml is no text in UTF-8.\n');
  expect(asked).toEqual([]);
  write('odd.yaml', 'version: one\nconnectors: {}\nconnections:\n  - 1\n');
  const wrong = await run(['plan', '--file', 'odd.yaml']);
  expect(wrong.err).toMatch(/odd\.yaml:1:10: version: /);
  expect(wrong.err).toMatch(/odd\.yaml:4:5: connections\[0\]: /);
});

test('a demo that is starting is told from one that does not run', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'erp-sync-demo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const says = (name: string, content: string) => writeFileSync(path.join(folder, name), content);
  expect(() => demoApi(folder)).toThrow('The demo does not run: start it with npm start.');
  says('lock-holder', String(process.pid));
  expect(() => demoApi(folder)).toThrow('The demo is starting: try again once npm start says that it is ready.');
  const { pid } = spawnSync(process.execPath, ['--version']);
  says('lock-holder', String(pid));
  expect(() => demoApi(folder)).toThrow('The demo does not run');
  says('endpoints.json', JSON.stringify({ apiUrl: 'http://127.0.0.1:1', adminKey: 'esk_1' }));
  expect(demoApi(folder)).toEqual({ url: 'http://127.0.0.1:1', key: 'esk_1' });
});

test('--demo is the demo whose state the words of local/session.sh are about', async () => {
  const world = new ApiWorld();
  const { run } = await commandOn(world);
  const folder = mkdtempSync(path.join(tmpdir(), 'erp-sync-demo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    path.join(folder, 'endpoints.json'),
    JSON.stringify({ apiUrl: 'http://127.0.0.1:1', adminKey: 'esk_1' }),
  );
  const { code, err } = await run(['export', '--demo'], { ERP_SYNC_STATE: folder });
  expect([code, err]).toEqual([1, 'The API at http://127.0.0.1:1 does not answer.\n']);
});

test('more text than any set-up has is not parsed', () => {
  expect(readYaml('f', 'x'.repeat(4_000_001))).toEqual({ ok: false, faults: ['f: has more than 4000000 bytes'] });
});

test('what is written is read as it was, also what older readers take for something else', () => {
  const value = { a: 'no', b: '0x1', c: '1', d: ['', ' x ', 'ü', `\${env:A}`, '# x', 'x: y'], e: { f: true, g: 1.5 } };
  const read = readYaml('f', writeYaml(value, 's.json'));
  expect(read.ok && read.value).toEqual(value);
  expect(writeYaml({ a: 'no' }, 's.json')).toContain('a: "no"');
});

test('only secrets come from variables, and secrets from nothing else', () => {
  const file = (config: object, url = 'https://x') => ({
    connectors: [{ name: 'T', kind: 'k', url }],
    connections: [{ name: 'C', connector: 'T', config }],
  });
  const fill = (given: unknown) => fillSecrets(given, () => ['password'], { A: 'sesame', EMPTY: '' });
  expect(fill(file({ password: `\${env:A}`, user: 'x' }))).toEqual({
    filled: file({ password: 'sesame', user: 'x' }),
    faults: [],
  });
  const faultOf = (given: unknown) => fill(given).faults;
  const at = 'connections[0].config.password';
  const literal = { path: at, message: `A secret stands in a file only as the name of a variable: \${env:NAME}` };
  for (const password of ['sesame', `x\${env:A}`, `\${env:A b}`, { set: true }, 7]) {
    expect(faultOf(file({ password }))).toEqual([literal]);
  }
  for (const name of ['B', 'EMPTY']) {
    expect(faultOf(file({ password: `\${env:${name}}` }))).toEqual([
      { path: at, message: `The variable ${name} is not set` },
    ]);
  }
  expect(faultOf(file({ user: `\${env:A}` }, `https://\${env:A}`)).map(({ path: place }) => place)).toEqual([
    'connectors[0].url',
    'connections[0].config.user',
  ]);
});

test('docs/config.schema.json is made of the schemas, and takes what is an example and what is exported', async () => {
  const kept = JSON.parse(readFileSync(path.join(root, 'docs/config.schema.json'), 'utf8'));
  expect(kept).toEqual(configSchema());
  const takes = new Ajv({ strict: false, validateFormats: false }).compile(kept);
  const read = readYaml('f', example);
  expect([takes(read.ok && read.value), takes.errors]).toEqual([true, null]);
  expect(takes(await exported(await wholeWorld()))).toBe(true);
  expect(takes({ version: 1, connectors: [], connections: [{}] })).toBe(false);
});

test('the command runs as a program', async () => {
  const child = spawn(process.execPath, ['cli/config.ts', 'plan'], { cwd: root, env: { PATH: process.env.PATH } });
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([code, err.split('\n')[0]]).toEqual([2, '--file is missing: which file to plan.']);
});
