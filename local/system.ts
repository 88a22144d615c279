// Invariants: a start either gives a whole system or leaves nothing running and throws one sentence; stored data is
// marked as usable only after all that ran was stopped in order. Attacked by test/local/main.test.ts and test/e2e.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RunningServer } from './crm-simulator/http.ts';
import { type CrmSimulator, startCrmSimulator } from './crm-simulator/start-crm-simulator.ts';
import { synthesise } from './deploy.ts';
import {
  deployToEmulator,
  type EmulatedAws,
  type EmulatedAwsOptions,
  emulatedApiUrl,
  startEmulatedAws,
} from './emulated-aws.ts';
import { demoAdministrator, demoUsers } from './identity-provider/demo-users.ts';
import { demoPassword } from './identity-provider/login-form.ts';
import { startIdentityProvider } from './identity-provider/start-identity-provider.ts';
import { LOCAL_REGION } from './ministack.ts';
import { operatorKeys } from './operator-keys.ts';
import { ensurePython } from './python.ts';
import { serveReference } from './reference/serve-reference.ts';
import { crmSeed } from './seed/crm-seed.ts';
import type { Tryton } from './serve-tryton.ts';
import { StartFailure } from './start-failure.ts';
import { startParts } from './start-parts.ts';
import { type Endpoints, type Found, openState, type Ports, type State } from './state.ts';
import { startTryton } from './tryton.ts';
import { trytonAccounts } from './tryton-accounts.ts';

export const LOCAL_STACK = 'ErpSync-local';
const DEMO_CRM_CONTEXT = 'Cust12345';

export interface SystemOptions {
  /** State folder; the checkout's own by default. */
  readonly folder?: string;
  /** Forget what is stored. */
  readonly fresh?: boolean;
  /** Ports asked for; the others are chosen. */
  readonly ports?: Partial<Ports>;
  /** Hears what is done, a line each. */
  readonly tell?: (line: string) => void;
  /** Gives the start up: what runs already is stopped, and the start throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface System {
  folder: string;
  found: Found;
  /** Where everything is. The connection's id is added when there is one. */
  endpoints: Omit<Endpoints, 'connectionId'>;
  aws: EmulatedAws;
  erp: Tryton;
  crm: CrmSimulator;
  /** Resolves with one sentence when a server ends although nobody stopped it. */
  broken: Promise<string>;
  /** Writes endpoints.json, which is there while the system runs. */
  announce(connectionId: string): void;
  /** Stops all. `keep`: the data is whole, so the next start goes on with it. Safe to repeat. */
  stop(how: { keep: boolean }): Promise<void>;
}

/** As much of it as the demo works with. */
export type DemoSystem = Pick<System, 'found' | 'endpoints' | 'crm'>;

/** Starts everything: the deployed stack on an emulated AWS with IAM enforced, a real ERP, the CRM, a tenant and its keys. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const { folder, fresh, ports, tell = () => {}, signal } = options;
  const state = await openState({ folder, fresh, ports });
  const why = whyAnew[state.found];
  if (why) tell(why);
  const parts = startParts();
  let stopping: Promise<void> | undefined;
  const stopOnce = async (keep: boolean) => {
    await parts.stop();
    state.close({ clean: keep });
  };
  const stop = ({ keep }: { keep: boolean }) => {
    stopping ??= stopOnce(keep);
    return stopping;
  };
  const broken = Promise.withResolvers<string>();
  const watch = (name: string, ended: Promise<string>) => {
    ended.then((how) => {
      if (stopping) return;
      broken.resolve(`${name} stopped by itself (${how}); its log is in ${path.join(state.folder, 'logs')}.`);
    });
  };
  try {
    await ensurePython({ tell, signal });
    const synthesised = await synthesise({ folder: state.folder, publicUrl: publicUrlOf(state.ports), tell, signal });
    const deployment = { synthesised, port: state.ports.aws, stack: LOCAL_STACK, tell };
    // Before anything else may store what belongs together with what the emulator forgets if it is killed.
    if (state.found === 'kept' && !synthesised.deployed) synthesised.deployed = await deployToEmulator(deployment);
    signal?.throwIfAborted();
    tell('Starting AWS, the ERP and the CRM …');
    state.beginUse();
    const [aws, erp, crm] = await Promise.all([
      parts.add(startAws(deployment)),
      parts.add(startErp(state, tell, signal)),
      parts.add(startCrm(state)),
    ]);
    watch('The local AWS (MiniStack)', aws.ended);
    watch('The local ERP (Tryton)', erp.ended);
    const identityProvider = await parts.add(startSignIn(state, crm));
    signal?.throwIfAborted();
    const described = await describe({ state, aws, erp, crm, identityProvider, tell });
    const reference = await parts.add(startReference(state, described.apiUrl));
    const endpoints = { ...described, referenceUrl: `${reference.url}/` };
    return {
      ...{ folder: state.folder, found: state.found, endpoints, aws, erp, crm, broken: broken.promise, stop },
      announce: (connectionId) => state.writeEndpoints({ ...endpoints, connectionId }),
    };
  } catch (error) {
    await stop({ keep: state.found === 'kept' });
    throw signal?.aborted ? signal.reason : error;
  }
}

type TellLine = (line: string) => void;

const whyAnew: Partial<Record<Found, string>> = {
  unfinished: 'The last start was not finished: what it had begun to set up is made anew.',
  unclean: 'The last start was not stopped in order: its data may be cut off, so it is made anew.',
};

async function startAws(options: EmulatedAwsOptions & { readonly tell: TellLine }): Promise<EmulatedAws> {
  const aws = await startEmulatedAws(options);
  options.tell('AWS is up');
  return aws;
}

async function startErp({ folder, ports }: State, tell: TellLine, signal?: AbortSignal): Promise<Tryton> {
  const erp = await startTryton({ folder, port: ports.erp, tell, signal });
  tell('The ERP is up: Tryton');
  return erp;
}

async function startCrm({ folder, ports }: State): Promise<CrmSimulator> {
  const dataFile = path.join(folder, 'crm.json');
  const seed = existsSync(dataFile) ? undefined : crmSeed();
  const address = { port: ports.crm, controlPort: ports.crmControl };
  try {
    return await startCrmSimulator({ ...address, tenant: DEMO_CRM_CONTEXT, dataFile, seed });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it gave no reason';
    throw new StartFailure(`The CRM simulator did not start: ${reason}`, { cause });
  }
}

async function startReference({ ports }: State, apiUrl: string): Promise<RunningServer> {
  try {
    return await serveReference({ port: ports.reference, apiUrl });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it gave no reason';
    throw new StartFailure(`The reference of the API did not start: ${reason}`, { cause });
  }
}

interface Started {
  readonly state: State;
  readonly identityProvider: RunningServer;
  readonly aws: EmulatedAws;
  readonly erp: Tryton;
  readonly crm: CrmSimulator;
  readonly tell: TellLine;
}

/** Browsers know them by this address; nothing is told by what a request says of itself. */
const publicUrlOf = ({ pages }: Ports): string => `http://127.0.0.1:${pages}`;

async function startSignIn({ ports }: State, crm: CrmSimulator): Promise<RunningServer> {
  try {
    return await startIdentityProvider({ port: ports.identityProvider, crm, publicUrl: publicUrlOf(ports) });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it gave no reason';
    throw new StartFailure(`The sign-in of the CRM did not start: ${reason}`, { cause });
  }
}

async function describe({
  state,
  aws,
  erp,
  crm,
  identityProvider,
  tell,
}: Started): Promise<Omit<Endpoints, 'connectionId' | 'referenceUrl'>> {
  const apiId = aws.outputs.ApiId;
  if (!apiId) throw new StartFailure('The deployed stack does not say which HTTP API is its own.');
  const apiUrl = emulatedApiUrl(aws.url, apiId);
  const { folder } = state;
  if (state.found !== 'kept') tell(`Making the tenant of the CRM ${crm.tenant} and its keys (npm run tenant) …`);
  const keys = await operatorKeys({ folder, apiUrl, awsEndpoint: aws.url, crmContext: crm.tenant, tell });
  return {
    apiUrl,
    ...keys,
    crm: { url: crm.url, tenant: crm.tenant, controlUrl: crm.controlUrl },
    identityProviderUrl: identityProvider.url,
    crmUsers: [demoAdministrator, ...demoUsers].map((user) => ({ user, password: demoPassword })),
    publicUrl: publicUrlOf(state.ports),
    erp: {
      ...{ kind: 'tryton', url: erp.url, database: erp.database },
      ...trytonAccounts.person,
      connection: trytonAccounts.connection,
    },
    awsEndpoint: aws.url,
    region: LOCAL_REGION,
  };
}
