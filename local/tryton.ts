import { cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { serveTryton, type Tryton } from './serve-tryton.ts';
import { BRANCH_DATABASE, TRYTON_DATABASE } from './tryton-accounts.ts';
import { trytonTemplate } from './tryton-template.ts';

export interface TrytonOptions {
  /** State folder; the database is under erp/. */
  readonly folder: string;
  readonly port: number;
  readonly tell?: (line: string) => void;
  readonly signal?: AbortSignal;
}

const databases = [TRYTON_DATABASE, BRANCH_DATABASE];

/** Starts Tryton on loopback with the state folder's two databases; the first time with copies of the seeded one. */
export async function startTryton({ folder, port, tell, signal }: TrytonOptions): Promise<Tryton> {
  const data = path.join(folder, 'erp');
  mkdirSync(data, { recursive: true });
  for (const database of databases) {
    const file = path.join(data, `${database}.sqlite`);
    if (existsSync(file)) continue;
    cpSync(path.join(await trytonTemplate({ tell, signal }), `${TRYTON_DATABASE}.sqlite`), file);
  }
  return serveTryton({ folder, data, port, databases, tell });
}
