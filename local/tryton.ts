import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { serveTryton, type Tryton } from './serve-tryton.ts';
import { TRYTON_DATABASE } from './tryton-accounts.ts';
import { trytonTemplate } from './tryton-template.ts';

export interface TrytonOptions {
  /** State folder; the database is under erp/. */
  readonly folder: string;
  readonly port: number;
  readonly tell?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Starts Tryton on loopback with the state folder's database; the first time with a copy of the seeded one. */
export async function startTryton({ folder, port, tell, signal }: TrytonOptions): Promise<Tryton> {
  const data = path.join(folder, 'erp');
  if (!existsSync(path.join(data, `${TRYTON_DATABASE}.sqlite`)))
    cpSync(await trytonTemplate({ tell, signal }), data, { recursive: true });
  return serveTryton({ folder, data, port });
}
