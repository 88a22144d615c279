import { deploy, type StackOutputs, type Synthesised } from './deploy.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { orAsBefore } from './or-as-before.ts';

export interface EmulatedAwsOptions {
  readonly synthesised: Synthesised;
  readonly port: number;
  readonly stack: string;
  readonly tell?: (line: string) => void;
}

export interface EmulatedAws extends Ministack {
  outputs: StackOutputs;
}

/**
 * The emulator with the stack deployed and IAM enforced. `cdk deploy` itself is refused under enforcement, so it is
 * done without and the emulator started again on what it kept.
 */
export async function startEmulatedAws(options: EmulatedAwsOptions): Promise<EmulatedAws> {
  const { synthesised, port, tell } = options;
  const outputs = synthesised.deployed ?? (await deployToEmulator(options));
  const enforcing = await startMinistack({ folder: synthesised.folder, port, enforceIam: true, tell });
  return { ...enforcing, outputs };
}

/** Deploys the stack, and leaves nothing running. On stored data nothing else may run meanwhile. */
export async function deployToEmulator(options: EmulatedAwsOptions): Promise<StackOutputs> {
  const { synthesised, port, stack, tell = () => {} } = options;
  const { folder } = synthesised;
  const startedAtMs = performance.now();
  tell('Deploying the stack to the local AWS (cdk bootstrap, cdk deploy) …');
  const outputs = await orAsBefore(folder, async () => {
    const open = await startMinistack({ folder, port, enforceIam: false, tell });
    try {
      return await deploy(synthesised, { endpoint: open.url, stack });
    } finally {
      await open.stop();
    }
  });
  tell(`The stack is deployed (${((performance.now() - startedAtMs) / 1000).toFixed(0)} s)`);
  return outputs;
}

/** API Gateway's address of an HTTP API; the emulator's own host names do not resolve everywhere. */
export function emulatedApiUrl(endpoint: string, apiId: string): string {
  return `${endpoint}/_aws/execute-api/${apiId}/$default`;
}
