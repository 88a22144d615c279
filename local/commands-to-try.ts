import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { demoAdministrator, demoUsers } from './identity-provider/demo-users.ts';
import { demoPassword } from './identity-provider/login-form.ts';
import type { Endpoints } from './state.ts';

/** Where everything is, and three commands that work as they are printed, in the checkout's folder, if there is a connection. */
export function commandsToTry(
  folder: string,
  endpoints: Endpoints,
  { crmCompany = '1', conflict }: { crmCompany?: string | undefined; conflict?: string | undefined } = {},
): string {
  const { apiUrl, connectionId, crm, erp, identityProviderUrl, referenceUrl } = endpoints;
  // The key is in a file: it is long, and it stays out of the shell's history.
  const settings = path.join(folder, 'curl.conf');
  writeFileSync(settings, curlSettings(endpoints.serviceKey), { mode: 0o600 });
  const curl = `curl -K ${shown(settings)}`;
  const sync = JSON.stringify({ kind: 'sync', connectionId });
  const addresses = [
    `API       ${apiUrl}/v1`,
    `Reference ${referenceUrl}   every operation, to read and to try`,
    `ERP       ${erp.url}   Tryton, database ${erp.database}, user ${erp.user}`,
    `CRM       ${crm.url}   its records, for a look and for edits: ${crm.controlUrl}/records/company`,
    `Sign-in   ${identityProviderUrl}   of the CRM's users ${demoAdministrator}, an administrator, ${demoUsers.join(' and ')}; password ${demoPassword}`,
    `          npm run --silent sign-in -- ${demoUsers[0]}   prints a session of theirs, for a call as that user`,
    `All of it, with keys and passwords: ${shown(path.join(folder, 'endpoints.json'))}`,
  ];
  const commands = [
    '',
    `${conflict ? 'Four' : 'Three'} things to try while it runs (npm start), in another terminal, in this folder:`,
    '',
    '1. Edit a phone number in the CRM as a user would, and sync at once (or wait a minute)',
    `curl -sS -o /dev/null -X PATCH -d '{"phone":"+31 20 555 01 23"}' ${crm.controlUrl}/records/company/${crmCompany} && \\`,
    `${curl} -d '${sync}' '${apiUrl}/v1/sync-runs'`,
    '',
    '2. See it in the log of changes of that company, a moment later',
    `${curl} '${apiUrl}/v1/changes?crmType=company&crmKey=${crmCompany}'`,
    '',
    '3. See how the connection is doing',
    `${curl} '${apiUrl}/v1/connections/${connectionId}/summary'`,
    ...(conflict ? decide(curl, `${apiUrl}/v1/conflicts`, conflict) : []),
  ];
  return [...addresses, ...(connectionId === '' ? [] : commands)].join('\n');
}

function decide(curl: string, conflicts: string, id: string): string[] {
  return [
    '',
    '4. See what waits for a person, and decide it: here the CRM keeps its value',
    `${curl} '${conflicts}'`,
    `${curl} -d '{"keep":"crm"}' '${conflicts}/${encodeURIComponent(id)}/resolve'`,
  ];
}

function curlSettings(key: string): string {
  return [
    'silent',
    'show-error',
    `header = "Authorization: Bearer ${key}"`,
    'header = "Content-Type: application/json"',
    'write-out = "\\n"',
    '',
  ].join('\n');
}

/** As short as it works from the folder of the checkout. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  const short = relative.startsWith('..') ? file : relative;
  return /^[\w./-]+$/.test(short) ? short : `'${short}'`;
}
