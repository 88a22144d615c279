/**
 * README's first session, pasted into a shell beside the demo: the demo of a tenant of its own, with a CRM and an ERP of
 * its own, for it deletes and edits records of the seed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { apiClient } from '../../local/api-client.ts';
import { commandsToTry } from '../../local/commands-to-try.ts';
import type { RunningServer } from '../../local/crm-simulator/http.ts';
import { type Demo, runDemo } from '../../local/demo.ts';
import { pollEvery, seldom } from '../../local/demo-set-up.ts';
import { startIdentityProvider } from '../../local/identity-provider/start-identity-provider.ts';
import { paperOf } from '../../local/paper.ts';
import { freePort } from '../../local/ports.ts';
import { crmSeed } from '../../local/seed/crm-seed.ts';
import type { Tryton } from '../../local/serve-tryton.ts';
import type { Endpoints } from '../../local/state.ts';
import { summaryOf } from '../../local/summary.ts';
import { startTryton } from '../../local/tryton.ts';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { atRest, sync } from './runs.ts';
import { newTenant } from './world.ts';

const CHECKOUT = path.resolve(import.meta.dirname, '../..');
const system = inject('system');
const folder = path.join(system.folder, 'first-session');

let erp: Tryton;
let crm: Awaited<ReturnType<typeof newTenant>>['crm'];
let identityProvider: RunningServer;
let demo: Demo;
let printed: string;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const { crm: site, adminKey, serviceKey } = await newTenant(system, crmSeed());
  crm = site;
  const { apiUrl, publicUrl, awsEndpoint } = system;
  [erp, identityProvider] = await Promise.all([
    startTryton({ folder, port: await freePort() }),
    startIdentityProvider({ crm, publicUrl }),
  ]);
  const { url, controlUrl, tenant } = crm;
  const endpoints: Omit<Endpoints, 'connectionId'> = {
    ...{ apiUrl, publicUrl, awsEndpoint, adminKey, serviceKey, region: 'eu-west-1', referenceUrl: '', crmUsers: [] },
    ...{ crm: { url, controlUrl, tenant }, identityProviderUrl: identityProvider.url },
    erp: {
      ...{ kind: 'tryton', url: erp.url, database: erp.database },
      ...trytonAccounts.person,
      connection: trytonAccounts.connection,
    },
  };
  demo = await runDemo({ found: 'nothing', endpoints, crm }, { step: () => {}, progress: () => {} });
  // What a step edits its own run is to write, and no poll before it, nor one that the demo's own schedule has begun.
  const api = apiClient({ apiUrl, key: adminKey });
  await pollEvery(seldom, api);
  const connections = await api.all<{ id: string }>('/v1/connections');
  for (const { id: connectionId } of connections) await sync({ api, connectionId });
  for (const { id: connectionId } of connections) await atRest({ api, connectionId });
  const all = { ...endpoints, connectionId: demo.connectionId };
  writeFileSync(path.join(folder, 'endpoints.json'), JSON.stringify(all));
  printed = commandsToTry(folder, all, { refused: true, conflict: true }, paperOf({}));
});

afterAll(async () => {
  for (const part of [identityProvider, erp, crm]) await part?.stop();
});

/** The commands of README, and what each step of them printed. */
async function playSession(): Promise<{ commands: string; steps: string[]; errors: string }> {
  const readme = readFileSync(path.join(CHECKOUT, 'README.md'), 'utf8');
  const [, words = '', commands = ''] = /```sh\n(\. local\/session\.sh\n)```\s+```sh\n(.*?)```/s.exec(readme) ?? [];
  const { said, errors } = await inShell(`${words}${commands.replaceAll(/^# \d\./gm, 'echo ==\n$&')}`);
  return { commands, errors, steps: said.split('==\n').slice(1) };
}

async function inShell(script: string): Promise<{ said: string; errors: string }> {
  const shell = spawn('sh', ['-c', script], { cwd: CHECKOUT, env: { ...process.env, ERP_SYNC_STATE: folder } });
  const [said, errors] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'exit')]);
  return { said, errors };
}

/** The commands of a page, as they are pasted one block after the other. */
function commandsOf(page: string): string {
  const blocks = readFileSync(path.join(CHECKOUT, page), 'utf8').matchAll(/```sh\n(.*?)```/gs);
  return [...blocks].map(([, block]) => block).join('\n');
}

test('each step of the first session shows what it promises', async () => {
  const { commands, steps, errors } = await playSession();
  expect(errors).toBe('');
  expect(steps).toHaveLength(6);
  const [edited, mended, dryRun, looked, decided, whole] = steps;
  expect(edited).toMatch(
    /^Run \w{26}: done, changes:\nwritten {2}in the ERP {2}Laurent Menuiserie SAS {2}PHONE {2}.+ -> \+31 20 555 0123\n$/,
  );
  expect(mended).toContain('Mertens Drukwerk NV  fields-left-alone  POSTALZIP~postal.zip,too-long,Shorten the value');
  expect(mended).toContain('{"id":1,"result":null}\n');
  expect(mended).toMatch(
    /: done, changes:\nwritten {2}in the CRM {2}Mertens Drukwerk NV {2}POSTALZIP {2}9000 -> 9051\nnone\n$/,
  );
  const ownText = 'Phase 1 of 2, fixed price, as agreed by phone';
  expect(dryRun).toContain(
    `planned  in the CRM  Warehouse extension Amersfoort  TEXT  ${ownText} -> Phase 1 of 2, fixed price\n`,
  );
  expect(await (await fetch(`${crm.controlUrl}/records/project/1`)).json()).toMatchObject({ description: ownText });
  expect(looked).toContain(
    '"winner":"erp","policy":"latest-wins","base":{"crm":"+31 20 382 5908","erp":"+31 20 382 5908"}',
  );
  expect(looked).toContain('"crm":"+31 20 382 5910","erp":"+31 20 382 5911"}\n');
  expect(looked).toContain('Weber Druckguss GmbH  erp-actor-gone\n');
  expect(looked).toContain('Comment  left-alone  The mapping writes the other way only');
  expect(decided).toMatch(/^NAME {2}(.+) Holding {2}\1 International\n/);
  expect(decided).toMatch(/written {2}in the ERP {2}\S.+ {2}NAME {2}(.+) International -> \1 Holding\n$/);
  expect(whole).toMatch(/^customer .*"active":88,.*"broken":1,/);
  expect(whole).toMatch(/\nTryton of Noorderlicht Handel\n$/);
  expect(printed).toContain(commands.trim());
});

test('after it each job of docs/administrator.md goes as it stands there', async () => {
  const table = path.join(folder, 'changes.csv');
  const script = commandsOf('docs/administrator.md').replaceAll('local/.state', folder);
  const { said, errors } = await inShell(script.replaceAll('~/changes.csv', table));
  // The one conflict is resolved.
  expect(errors.trim().split('\n')).toEqual([
    'No items[0].id in the answer: {"items":[]}',
    expect.stringMatching(/^No id in the answer: \{"type":"not-found"/),
  ]);
  expect(said).toContain('"explanation":"The European VAT Number \\"DE136659976\\" for party');
  expect(said).toContain('"item":"6","text":"Wholesale","links":3');
  expect(said).toMatch(/\nname: toCrm,toErp,both\n/);
  expect(said.match(/^active$/gm)).toHaveLength(2);
  expect(said).toContain('CRM back end\n');
  expect(said).toMatch(/'Next company', 'deleted', '20.+'Another company', 'deleted', '20/s);
  expect(said.match(/"running":(true|false)/g)).toEqual(['"running":false', '"running":true']);
  expect(readFileSync(table, 'utf8')).toMatch(/^\uFEFFat,outcome,side,.*\r\n20\d\d-[^,]*,written,/);
  const problems = said.match(/"title":"[^"]*","status":\d+[^}]*/g) ?? [];
  expect(problems).toEqual([]);
});

test('after that the set-up goes through a file as docs/config.md says', async () => {
  // The first block is for a service on AWS.
  const [, ...blocks] = commandsOf('docs/config.md').split(/(?=^PASSWORD=)/m);
  const script = blocks
    .join('')
    .replaceAll('local/.state', folder)
    .replaceAll(/\b(?=(set-up|utrecht)\.yaml)/g, `${folder}/`);
  const { said, errors } = await inShell(script);
  expect(errors).toBe(`Written to ${folder}/set-up.yaml: 1 connector, 2 connections.\n`);
  expect(said).toMatch(/^Nothing differs\.\n/);
  expect(said).toContain('+ connection "Books of Utrecht" is made\n');
  expect(said).toContain('\nexit code 3\n');
  expect(said).toContain('+ connection "Books of Utrecht" was made\n');
});

test('the summary tells of each case to learn from, in lines of 80 characters', () => {
  if (!demo.report) throw new Error('The demo has no report.');
  const summary = summaryOf(demo.report, paperOf({}));
  const told = summary.replaceAll(/\s+/g, ' ');
  expect(told).toContain('Linked 223 records of each side');
  expect(told).toContain('Phone of Brouwer Drukkerij B.V.: the later edit wins ERP "+31 20 382 5911" replaced CRM');
  expect(told).toContain('"+31 20 382 5910", both had "+31 20 382 5908" before');
  expect(told).toContain('Weber Druckguss GmbH: deleted in the ERP');
  expect(told).toContain('Postal address: postal code of Mertens Drukwerk NV: The value is longer than the other side');
  expect(told).toContain('Comment of Warehouse extension Amersfoort: goes only to the CRM, which was edited');
  expect(told).toContain('Waits for you 1 field held, changed on both sides (GET /v1/conflicts):');
  for (const line of `${summary}\n${printed.split('\n\n')[0]}`.split('\n'))
    if (!/https?:\/\/\S{30}|endpoints\.json/.test(line)) expect(line.length).toBeLessThanOrEqual(80);
});

test('the address of the ERP shows a browser what it is and how to sign in', async () => {
  const page = await fetch(`${erp.url}/`, { headers: { accept: 'text/html,*/*' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  const html = await page.text();
  expect(html).toContain('<h1>Tryton, the ERP of the demo</h1>');
  expect(html).toContain(`user ${trytonAccounts.person.user}, password ${trytonAccounts.person.password}`);
  expect(html).toContain(`${erp.url}/${erp.database}/rpc/`);
});
