import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensurePython } from './python.ts';
import { type Server, startServer } from './server-process.ts';

const CHECKOUT = path.dirname(import.meta.dirname);

/** Region and account of everything on this machine. */
export const LOCAL_REGION = 'eu-west-1';
export const LOCAL_ACCOUNT = '000000000000';

export interface MinistackOptions {
  /** State folder; what the emulator stores is under aws/ and survives a stop. */
  readonly folder: string;
  readonly port: number;
  /** Refuse what IAM does not allow. `cdk deploy` does not work then. */
  readonly enforceIam: boolean;
  readonly tell?: (line: string) => void;
}

export interface Ministack extends Server {
  url: string;
}

/**
 * Starts the AWS emulator on loopback and waits until it is healthy. It saves its state when it is stopped, and only
 * then. Its functions inherit its environment, so it gets next to none: what the stack does not give a function is
 * missing here as on AWS.
 */
export async function startMinistack({ folder, port, enforceIam, tell }: MinistackOptions): Promise<Ministack> {
  const { python, program } = await ensurePython();
  const data = path.join(folder, 'aws');
  const temporary = path.join(data, 'tmp');
  // Code of earlier function processes; it is unpacked afresh.
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  // The emulator unpacks its runner of Node functions there, a CommonJS file; below this project it would be an ES module.
  writeFileSync(path.join(temporary, 'package.json'), '{ "type": "commonjs" }\n');
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    name: 'The local AWS (MiniStack)',
    id: 'aws',
    folder,
    command: python,
    args: [program('ministack')],
    cwd: data,
    env: {
      PATH: [path.join(CHECKOUT, 'node_modules', 'node', 'bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
      // Away from the user's own AWS profile and the machine's temporary folder: unpacked functions go with the state.
      HOME: temporary,
      TMPDIR: temporary,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_REGION: LOCAL_REGION,
      PERSIST_STATE: '1',
      STATE_DIR: path.join(data, 'state'),
      S3_PERSIST: '1',
      S3_DATA_DIR: path.join(data, 's3'),
      AUTH: String(enforceIam),
      LOG_LEVEL: 'WARNING',
      // Listeners of services that nothing here uses; both would take well-known ports.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    },
    isReady: async () => (await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(2_000) })).ok,
    readyTimeoutMs: 30_000,
    stopTimeoutMs: 20_000,
    tell,
  });
  return { ...server, url };
}
