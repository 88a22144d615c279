import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensurePython } from './python.ts';
import { type Server, startServer } from './server-process.ts';
import { TRYTON_DATABASE } from './tryton-accounts.ts';
import { trytonPage } from './tryton-page.ts';
import { trytonVersion } from './tryton-rpc.ts';

export interface Tryton extends Server {
  url: string;
  database: string;
}

/** Serves the databases of a folder that are named; one that is not loaded at the start does not answer its first callers. */
export async function serveTryton({
  folder,
  data,
  port,
  databases = [TRYTON_DATABASE],
  tell,
}: {
  folder: string;
  data: string;
  port: number;
  databases?: readonly string[];
  tell?: (line: string) => void;
}): Promise<Tryton> {
  const { python, program } = await ensurePython();
  const url = addressOf(port);
  const configuration = writeTrytonConfiguration({ folder, data, port });
  const server = await startServer({
    name: 'The local ERP (Tryton)',
    id: 'erp',
    folder,
    command: python,
    args: [program('trytond'), '-c', configuration, '-d', ...databases],
    cwd: data,
    env: trytonEnvironment(folder),
    isReady: async () => (await trytonVersion(url)) !== '',
    readyTimeoutMs: 60_000,
    stopTimeoutMs: 10_000,
    tell,
  });
  return { ...server, url, database: TRYTON_DATABASE };
}

export function writeTrytonConfiguration({
  folder,
  data,
  port,
}: {
  folder: string;
  data: string;
  port: number;
}): string {
  const file = path.join(folder, 'trytond.conf');
  const pages = path.join(folder, 'erp-pages');
  mkdirSync(pages, { recursive: true });
  writeFileSync(path.join(pages, 'index.html'), trytonPage(addressOf(port)));
  const web = `listen = 127.0.0.1:${port}\nroot = ${pages}\n`;
  writeFileSync(file, `[database]\nuri = sqlite://\npath = ${data}\n\n[web]\n${web}`);
  return file;
}

const addressOf = (port: number): string => `http://127.0.0.1:${port}`;

export function trytonEnvironment(folder: string): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8' };
}
