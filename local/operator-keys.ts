import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { apiClient } from './api-client.ts';
import { localCredentials } from './deploy.ts';
import { runCommand } from './run-command.ts';

const CHECKOUT = path.dirname(import.meta.dirname);

export interface OperatorKeys {
  adminKey: string;
  serviceKey: string;
}

export interface OperatorKeysOptions {
  /** State folder: keys are shown once, so they are kept there. */
  readonly folder: string;
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly crmContext: string;
  readonly tell?: (line: string) => void;
}

/** Keys of the demo's tenant, which the operator's own command makes on the first start. */
export async function operatorKeys(options: OperatorKeysOptions): Promise<OperatorKeys> {
  const file = path.join(options.folder, 'keys.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const adminKey = await createTenant(options);
  const admin = apiClient({ apiUrl: options.apiUrl, key: adminKey });
  const { key: serviceKey } = await admin.post<{ key: string }>('/v1/api-keys', { name: 'CRM', role: 'service' });
  const keys = { adminKey, serviceKey };
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return keys;
}

/** `npm run tenant -- create`, as on every stage; its standard output is the key. */
async function createTenant({ folder, awsEndpoint, crmContext, tell }: OperatorKeysOptions): Promise<string> {
  const key = await runCommand({
    purpose: 'Making the tenant (npm run tenant)',
    command: process.execPath,
    args: [
      ...[path.join(CHECKOUT, 'cli', 'tenant.ts'), 'create', '--stage', 'local'],
      ...['--crm-context', crmContext, '--endpoint-url', awsEndpoint],
    ],
    cwd: CHECKOUT,
    env: { PATH: process.env.PATH, ...localCredentials() },
    logFile: path.join(folder, 'logs', 'tenant.log'),
    answers: true,
    tell,
  });
  return key.trim();
}
