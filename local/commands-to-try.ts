import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { firstSession, sessionText } from './first-session.ts';
import { demoAdministrator, demoUsers } from './identity-provider/demo-users.ts';
import { demoPassword } from './identity-provider/login-form.ts';
import { type Paper, wrapped } from './paper.ts';
import type { Endpoints } from './state.ts';

/** What is there to be tried. */
export interface ToTry {
  refused: boolean;
  conflict: boolean;
}

const LABEL = 10;

/** Where everything is, and commands that work as they are printed, in the checkout's folder, if there is a connection. */
export function commandsToTry(folder: string, endpoints: Endpoints, toTry: ToTry, paper: Paper): string {
  const { apiUrl, connectionId, crm, erp, identityProviderUrl, referenceUrl } = endpoints;
  // The key is in a file: it is long, and it stays out of the shell's history.
  writeFileSync(path.join(folder, 'curl.conf'), curlSettings(endpoints.serviceKey), { mode: 0o600 });
  const users = `${demoAdministrator} (administrator), ${demoUsers.join(', ')}; password ${demoPassword}`;
  const addresses: [label: string, text: string][] = [
    ['API', `${apiUrl}/v1`],
    ['Reference', `${referenceUrl}  every operation, to read and to try`],
    ['ERP', `${erp.url}  Tryton, database ${erp.database}, user ${erp.user}`],
    ['CRM', `${crm.url}  its records, to read and edit: ${crm.controlUrl}/records/company`],
    ['Sign-in', `${identityProviderUrl}  of the CRM's users ${users}`],
    ['', `npm run --silent sign-in -- ${demoUsers[0]} prints a session of theirs, for a call as that user`],
    ['Keys', `${shown(path.join(folder, 'endpoints.json'))} has all of it, with keys and passwords`],
  ];
  const lines = addresses.map(([label, text]) => {
    const line = wrapped(`${label.padEnd(LABEL)}${text}`, paper.width, LABEL);
    return `${paper.strong(line.slice(0, label.length))}${line.slice(label.length)}`;
  });
  if (connectionId !== '') lines.push('', ...session(folder, toTry, paper));
  return lines.join('\n');
}

function session(folder: string, toTry: ToTry, { width, strong }: Paper): string[] {
  const steps = firstSession.filter(({ needs }) => needs === undefined || toTry[needs]);
  const say = 'To try while it runs (npm start), in another terminal, in this folder:';
  const state = shown(folder);
  return [
    strong(wrapped(say, width, 0)),
    '',
    state === 'local/.state' ? '. local/session.sh' : `ERP_SYNC_STATE=${state}; . local/session.sh`,
    '',
    sessionText(steps),
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
