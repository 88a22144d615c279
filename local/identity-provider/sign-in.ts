/** `npm run sign-in -- tom`: a session of a user of the demo's CRM, while `npm start` runs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Endpoints } from '../state.ts';
import { demoAdministrator, demoUsers } from './demo-users.ts';
import { signInAs } from './sign-in-as.ts';
import { usage } from './sign-in-usage.mjs';

const users = [demoAdministrator, ...demoUsers];

/** Of `npm start`, or with --state of one: local/session.sh says it. */
function endpoints(): Endpoints {
  const folder = path.resolve(import.meta.dirname, '../..', process.env.ERP_SYNC_STATE ?? 'local/.state');
  try {
    return JSON.parse(readFileSync(path.join(folder, 'endpoints.json'), 'utf8'));
  } catch {
    throw new Error('The demo does not run: start it with npm start.');
  }
}

async function run([user = '', ...others]: readonly string[]): Promise<number> {
  if (user === '--help') {
    console.log(usage);
    return 0;
  }
  if (!users.includes(user) || others.length > 0) {
    console.error(`Who signs in is one of ${users.join(', ')}.\n\n${usage}`);
    return 2;
  }
  try {
    const { apiUrl, publicUrl, crm } = endpoints();
    console.log(await signInAs({ apiUrl, publicUrl, tenant: crm.tenant, user }));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'It failed without a reason.');
    return 1;
  }
}

process.exitCode = await run(process.argv.slice(2));
