import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { LOCAL_STACK, startSystem } from '../../local/system.ts';
import { allFunctionLogs } from './function-logs.ts';

/** Where the one system of all end-to-end tests is. */
export interface RunningSystem {
  apiUrl: string;
  awsEndpoint: string;
  /** Where our pages are, as the deployment was told. */
  publicUrl: string;
  identityProviderUrl: string;
  /** Process of the emulator: the functions are its children. */
  awsPid: number;
  stack: string;
  erp: { url: string; database: string };
  /** The tenant and the CRM that the system itself starts with. */
  own: { adminKey: string; crm: { url: string; controlUrl: string; tenant: string } };
  /** State folder; the logs are in logs/. */
  folder: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    system: RunningSystem;
  }
}

/** Started afresh before the first test file and stopped after the last one, also when tests failed. */
export default async function startSystemForTests(project: TestProject): Promise<() => Promise<void>> {
  // The default would end this process without a word to what it started.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
  const folder = path.join(import.meta.dirname, '..', '..', 'local', '.state-e2e');
  const tell = (line: string) => process.stdout.write(`  ${line}\n`);
  const system = await startSystem({ folder, fresh: true, tell });
  system.broken.then(tell);
  const { endpoints, aws } = system;
  const { apiUrl, awsEndpoint, adminKey, crm, erp, publicUrl, identityProviderUrl } = endpoints;
  project.provide('system', {
    ...{ publicUrl, identityProviderUrl },
    ...{ apiUrl, awsEndpoint, awsPid: aws.pid, stack: LOCAL_STACK },
    erp: { url: erp.url, database: erp.database },
    own: { adminKey, crm },
    folder,
  });
  return async () => {
    const logs = await allFunctionLogs(awsEndpoint).catch((error: unknown) => `No function logs: ${error}\n`);
    writeFileSync(path.join(folder, 'logs', 'functions.log'), logs);
    await system.stop({ keep: false });
  };
}
