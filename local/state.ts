// Invariants: one running system per state folder; ports never change while stored data may refer to them; data of a
// start whose servers were not stopped in order is never used (the emulator saves its data when stopped, and only then),
// and all other data is kept, whatever start fails before its servers run.
// Attacked by test/local/state.test.ts.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isCutOff } from './cut-off.ts';
import { endLeftovers, endLeftoversOf } from './leftovers.mjs';
import { tryLock } from './lock.ts';
import { asBefore } from './or-as-before.ts';
import { freePort, isFree } from './ports.ts';
import { StartFailure } from './start-failure.ts';

/** What listens on this machine, as the subject of a sentence. */
const LISTENERS = {
  aws: 'the local AWS',
  erp: 'the local ERP',
  crm: 'the CRM simulator',
  crmControl: "the CRM simulator's own door for tests",
  reference: 'the reference of the API',
  identityProvider: 'the sign-in of the CRM',
  pages: 'the pages',
} as const;

type PortName = keyof typeof LISTENERS;
export type Ports = Record<PortName, number>;

/** What is known of the folder's data when it is opened. */
export type Found = 'nothing' | 'forgotten' | 'unfinished' | 'unclean' | 'kept';

export interface State {
  folder: string;
  ports: Ports;
  /** `unfinished`, `unclean`: the last start never was whole, or was not stopped in order: its data was thrown away. */
  found: Found;
  /** Servers run from here on: what they store may be cut off until `close` says otherwise. */
  beginUse(): void;
  /** Says where everything is, for scripts, and that the data is whole; gone when the system stops. */
  writeEndpoints(endpoints: Endpoints): void;
  /** Ends the use of the folder; `clean` when all that ran was stopped in order, so that its data may be used again. */
  close(how: { clean: boolean }): void;
}

interface Account {
  user: string;
  password: string;
}

export interface Endpoints {
  apiUrl: string;
  adminKey: string;
  serviceKey: string;
  crm: { url: string; tenant: string; controlUrl: string };
  /** Where the CRM's users sign in. */
  identityProviderUrl: string;
  /** Those whom it knows: an administrator, and two to whom scopes apply. */
  crmUsers: Account[];
  /** Where our pages are, as the deployment was told. */
  publicUrl: string;
  /** As a person of the ERP; and as the connections, whose password a set-up as a file wants. */
  erp: { kind: 'tryton'; url: string; database: string; user: string; password: string; connection: Account };
  awsEndpoint: string;
  region: string;
  connectionId: string;
  /** The API's reference, as a page. */
  referenceUrl: string;
}

const LOCK = 'lock';
const HOLDER = 'lock-holder';
const PORTS = 'ports.json';
const CLEAN = 'stopped-cleanly';
const ENDPOINTS = 'endpoints.json';
const UNFINISHED = 'unfinished';

export interface StateOptions {
  readonly folder?: string;
  /** Forget what is stored. */
  readonly fresh?: boolean;
  /** Ports asked for. */
  readonly ports?: Partial<Ports>;
}

/** Opens the state folder for one run of the system. */
export async function openState({
  folder = path.join(import.meta.dirname, '.state'),
  fresh = false,
  ports: wanted = {},
}: StateOptions = {}): Promise<State> {
  const file = (name: string) => path.join(folder, name);
  makeFolder(folder);
  refuseForeign(folder);
  const lock = tryLock(file(LOCK));
  if (!lock) throw new StartFailure(runningAlready(file(HOLDER), file(ENDPOINTS)));
  try {
    writeFileSync(file(HOLDER), String(process.pid));
    endLeftoversOf(folder);
    endLeftovers();
    const known = readPorts(file(PORTS));
    const found = !known ? 'nothing' : fresh ? 'forgotten' : foundIn(file, known);
    if (found === 'kept' && known) refuseOtherPorts(known, wanted);
    if (found === 'kept') asBefore(folder);
    await refuseTakenPorts(found === 'kept' && known ? known : wanted, found === 'kept');
    if (found !== 'kept') {
      // First: half of the data is not to be taken for all of it.
      rmSync(file(CLEAN), { force: true });
      writeFileSync(file(UNFINISHED), '');
      emptyFolder(folder);
    }
    // Of data that is kept they are free, and stay; an earlier version knew fewer.
    const ports = await choosePorts({ ...known, ...wanted });
    writePorts(file(PORTS), ports);
    return {
      ...{ folder, ports, found },
      beginUse: () => rmSync(file(CLEAN), { force: true }),
      writeEndpoints: (endpoints) => {
        writeFileSync(file(ENDPOINTS), `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
        rmSync(file(UNFINISHED), { force: true });
      },
      close: ({ clean }) => {
        rmSync(file(ENDPOINTS), { force: true });
        if (clean && !isCutOff(folder)) {
          writeFileSync(file(CLEAN), '');
          rmSync(file(UNFINISHED), { force: true });
        }
        rmSync(file(HOLDER), { force: true });
        lock.release();
      },
    };
  } catch (error) {
    rmSync(file(HOLDER), { force: true });
    lock.release();
    throw error;
  }
}

function runningAlready(holderFile: string, endpointsFile: string): string {
  const pid = existsSync(holderFile) ? readFileSync(holderFile, 'utf8') : '';
  const [who, command] = pid ? [` (process ${pid})`, `, or anywhere with kill ${pid}`] : ['', ''];
  return `The system of this checkout is running already${who}: stop it with Ctrl-C where it was started${command}, or use it (${endpointsFile} says where it is, once it is ready).`;
}

/** Data whose addresses nobody knows is of no use. */
function foundIn(file: (name: string) => string, known: Partial<Ports>): Found {
  if (existsSync(file(CLEAN)) && Object.keys(known).length > 0) return 'kept';
  return existsSync(file(UNFINISHED)) ? 'unfinished' : 'unclean';
}

/** None of a file that was cut off while it was written. */
function readPorts(file: string): Partial<Ports> | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** In one step, for without them the data is of no use; those of before stay where the disk is full. */
function writePorts(file: string, ports: Ports): void {
  writeFileSync(`${file}.new`, JSON.stringify(ports, null, 2));
  renameSync(`${file}.new`, file);
}

const IN_USE: readonly string[] = [LOCK, HOLDER];
/** What holds nothing, and what says that the folder is a start's. */
const BARE: readonly string[] = [...IN_USE, `${LOCK}-journal`, 'running'];
const OWN: readonly string[] = [PORTS, UNFINISHED];

/** Step by step: Node's recursive way tries for ever where a folder that is there takes no other (below /proc). */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'no reason';
    throw new StartFailure(`The folder ${folder} for the data cannot be made (${code}): name another by --state.`);
  }
}

/** A folder that somebody names is emptied only if it is a start's. */
function refuseForeign(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const others = names.filter((name) => !BARE.includes(name));
  if (others.length === 0 || names.some((name) => OWN.includes(name))) return;
  const more = others.length > 3 ? ', …' : '';
  throw new StartFailure(
    `The folder ${folder} holds other things than the data of a start (${others.slice(0, 3).join(', ')}${more}), which would be lost: name an empty one, or one that is not there yet.`,
  );
}

/** Everything but the lock and its holder, which are in use, and what says whose the folder is. */
function emptyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter((entry) => ![...IN_USE, UNFINISHED].includes(entry)))
    rmSync(path.join(folder, name), { recursive: true, force: true });
}

async function refuseTakenPorts(ports: Partial<Ports>, isKept: boolean): Promise<void> {
  for (const name of portNames) {
    const port = ports[name];
    if (port === undefined || (await isFree(port))) continue;
    throw new StartFailure(
      isKept
        ? `Port ${port}, where ${LISTENERS[name]} of this checkout listens, is taken by another program: stop that program, or give up the stored data and its addresses with npm start -- --fresh.`
        : `Port ${port}, asked for ${LISTENERS[name]}, is taken by another program: stop that program or ask for another port.`,
    );
  }
}

function refuseOtherPorts(known: Partial<Ports>, wanted: Partial<Ports>): void {
  for (const name of portNames) {
    const port = wanted[name];
    if (port === undefined || known[name] === undefined || port === known[name]) continue;
    throw new StartFailure(
      `The stored data knows ${LISTENERS[name]} at port ${known[name]}: another port takes a fresh start (--fresh).`,
    );
  }
}

const portNames = Object.keys(LISTENERS).filter((name): name is PortName => name in LISTENERS);

/** Free ports; those of before where they are free still, so that people's bookmarks keep working. */
async function choosePorts(before: Partial<Ports>): Promise<Ports> {
  const chosen: Partial<Ports> = {};
  const portFor = async (name: PortName) => {
    const known = before[name];
    const port =
      known !== undefined && (await isFree(known))
        ? known
        : await freePort([...Object.values(chosen), ...Object.values(before)]);
    chosen[name] = port;
    return port;
  };
  return {
    aws: await portFor('aws'),
    erp: await portFor('erp'),
    crm: await portFor('crm'),
    crmControl: await portFor('crmControl'),
    reference: await portFor('reference'),
    identityProvider: await portFor('identityProvider'),
    pages: await portFor('pages'),
  };
}
