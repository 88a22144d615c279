import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { withLock } from './lock.ts';
import { freePort } from './ports.ts';
import { ensurePython } from './python.ts';
import { runCommand } from './run-command.ts';
import { serveTryton, trytonEnvironment, writeTrytonConfiguration } from './serve-tryton.ts';
import { TRYTON_DATABASE, trytonAccounts } from './tryton-accounts.ts';
import { seedTryton } from './tryton-seed.ts';

const LOCAL = import.meta.dirname;
// Invoicing and stock give addresses their invoice and delivery marks.
const MODULES = ['party', 'company', 'project', 'party_relationship', 'country', 'account_invoice', 'stock'];

/** What the seeded database is made of; when it changes the database is made again. */
const INGREDIENTS = [
  ...['requirements.txt', 'tryton-template.ts', 'tryton-seed.ts', 'tryton-oddities.ts', 'tryton-accounts.ts'],
  ...['seed/companies.csv', 'seed/persons.csv', 'seed/projects.csv', 'seed/countries.ts'],
];

export interface TemplateOptions {
  readonly cache?: string;
  readonly tell?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Folder with a set-up and seeded database, made once per checkout: a copy of it is a fresh ERP. */
export async function trytonTemplate({
  cache = path.join(LOCAL, '.state-cache'),
  tell = () => {},
  signal,
}: TemplateOptions = {}) {
  const hash = createHash('sha256');
  for (const file of INGREDIENTS) hash.update(readFileSync(path.join(LOCAL, file)));
  const template = path.join(cache, `erp-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(template)) return template;
  const make = async () => {
    if (existsSync(template)) return;
    tell('Setting up the local ERP and its demo data (once per checkout) …');
    const folder = path.join(cache, 'erp-in-the-making');
    rmSync(folder, { recursive: true, force: true });
    const data = path.join(folder, 'erp');
    await makeDatabase(folder, data, { tell, signal });
    for (const old of readdirSync(cache).filter((name) => /^erp-[0-9a-f]{16}$/.test(name)))
      rmSync(path.join(cache, old), { recursive: true });
    renameSync(data, template);
    rmSync(folder, { recursive: true });
  };
  const waits = () => tell('Waiting for another start or test of this checkout, which sets up the local ERP …');
  await withLock(path.join(cache, 'erp.lock'), make, { waits, signal });
  return template;
}

async function makeDatabase(folder: string, data: string, { tell, signal }: TemplateOptions): Promise<void> {
  mkdirSync(data, { recursive: true });
  // trytond-admin wants the file of a SQLite database to exist.
  closeSync(openSync(path.join(data, `${TRYTON_DATABASE}.sqlite`), 'w'));
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, trytonAccounts.admin.password);
  const port = await freePort();
  const { python, program } = await ensurePython();
  await runCommand({
    purpose: 'Setting up the local ERP (trytond-admin)',
    command: python,
    args: [
      ...[program('trytond-admin'), '-c', writeTrytonConfiguration({ folder, data, port }), '-d', TRYTON_DATABASE],
      ...['--all', '-u', ...MODULES, '--activate-dependencies', '--email', 'admin@noorderlicht.example'],
    ],
    cwd: data,
    env: { ...trytonEnvironment(folder), TRYTONPASSFILE: passwordFile },
    logFile: path.join(folder, 'logs', 'trytond-admin.log'),
    signal,
    tell,
  });
  const server = await serveTryton({ folder, data, port, tell });
  try {
    await seedTryton({ url: server.url });
  } finally {
    await server.stop();
  }
  // Into one file: what was written last is still in SQLite's log beside it.
  const database = new DatabaseSync(path.join(data, `${TRYTON_DATABASE}.sqlite`));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}
