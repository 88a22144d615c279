import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './ministack.ts';
import { runCommand } from './run-command.ts';

const CHECKOUT = path.dirname(import.meta.dirname);
/** Bundling is silent, and takes some 10 s. */
const SILENCE_MS = 180_000;

/** Outputs of the deployed stack, by name. */
export type StackOutputs = Record<string, string>;

export interface AppOptions {
  /** State folder: cloud assembly, logs and the note of what was deployed. */
  readonly folder: string;
  /** Folder of cdk.json. */
  readonly app?: string;
  readonly stage?: string;
  /** Where the pages are; they may be deployed without. */
  readonly publicUrl?: string;
  readonly signal?: AbortSignal;
  /** Hears what takes long. */
  readonly tell?: (line: string) => void;
}

export interface Synthesised {
  app: string;
  folder: string;
  /** Folder of the cloud assembly. */
  assembly: string;
  /** Changes with the templates; they name every asset by the hash of its content. */
  hash: string;
  /** Outputs of the deployment of exactly this, if the state folder holds one. */
  deployed: StackOutputs | null;
  signal?: AbortSignal;
  tell?: (line: string) => void;
}

/** Note of what is deployed; it is missing while a deployment is under way and after one that failed. */
export function deploymentNote(folder: string): string {
  return path.join(folder, 'deployed.json');
}

/** Synthesises the app with the real CDK and says whether the state folder's emulator has it already. */
export async function synthesise({
  folder,
  app = CHECKOUT,
  stage = 'local',
  publicUrl,
  signal,
  tell,
}: AppOptions): Promise<Synthesised> {
  const assembly = path.join(folder, 'cdk.out');
  await cdk('Synthesising the stack (cdk synth)', { app, folder, signal, tell, log: 'cdk-synth' }, [
    ...['synth', '--quiet', '--output', assembly, '-c', `stage=${stage}`],
    ...(publicUrl === undefined ? [] : ['-c', `publicUrl=${publicUrl}`]),
  ]);
  const hash = hashTemplates(assembly);
  const note = deploymentNote(folder);
  const last = existsSync(note) ? JSON.parse(readFileSync(note, 'utf8')) : null;
  return { app, folder, assembly, hash, deployed: last?.hash === hash ? last.outputs : null, signal, tell };
}

/** Runs the real `cdk bootstrap` and `cdk deploy` against an AWS endpoint; unchanged stacks are left alone. */
export async function deploy(synthesised: Synthesised, { endpoint, stack }: { endpoint: string; stack: string }) {
  if (synthesised.deployed) return synthesised.deployed;
  const { folder, app, assembly, hash, signal, tell } = synthesised;
  rmSync(deploymentNote(folder), { force: true });
  const outputsFile = path.join(folder, 'outputs.json');
  await cdk('Preparing the local AWS (cdk bootstrap)', { app, folder, endpoint, signal, tell, log: 'cdk-bootstrap' }, [
    ...['bootstrap', `aws://${LOCAL_ACCOUNT}/${LOCAL_REGION}`, '--app', assembly],
  ]);
  await cdk('Deploying the stack (cdk deploy)', { app, folder, endpoint, signal, tell, log: 'cdk-deploy' }, [
    ...['deploy', stack, '--app', assembly, '--require-approval', 'never', '--outputs-file', outputsFile],
  ]);
  const outputs: StackOutputs = JSON.parse(readFileSync(outputsFile, 'utf8'))[stack] ?? {};
  writeFileSync(deploymentNote(folder), JSON.stringify({ hash, outputs }, null, 2));
  return outputs;
}

function hashTemplates(assembly: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(assembly)
    .filter((name) => name.endsWith('.template.json'))
    .sort())
    hash.update(file).update(readFileSync(path.join(assembly, file)));
  return hash.digest('hex');
}

interface CdkRun {
  readonly app: string;
  readonly folder: string;
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
  readonly tell?: (line: string) => void;
  readonly log: string;
}

async function cdk(purpose: string, run: CdkRun, args: string[]): Promise<void> {
  const { app, folder, endpoint, signal, tell, log } = run;
  mkdirSync(folder, { recursive: true });
  const bin = path.join(CHECKOUT, 'node_modules', 'node', 'bin');
  await runCommand({
    purpose,
    command: path.join(bin, 'node'),
    args: [path.join(CHECKOUT, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--no-notices', '--no-color', '--ci'],
    cwd: app,
    env: { ...withoutAws(process.env), ...localCredentials(endpoint), PATH: `${bin}:${process.env.PATH}` },
    logFile: path.join(folder, 'logs', `${log}.log`),
    signal,
    tell,
    silenceMs: SILENCE_MS,
  });
}

/** What an AWS client on this machine needs to know; the emulator accepts any key. */
export function localCredentials(endpoint?: string): NodeJS.ProcessEnv {
  return {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    CDK_DEFAULT_ACCOUNT: LOCAL_ACCOUNT,
    CDK_DEFAULT_REGION: LOCAL_REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_ENDPOINT_URL: endpoint || undefined,
  };
}

/** So that no profile, token or endpoint of the user's own shell can lead a local deployment to a real account. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_') || name === 'AWS_CA_BUNDLE')),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
