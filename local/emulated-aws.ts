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
  /** False when the stack was there already. */
  isNewlyDeployed: boolean;
}

/**
 * The emulator with the stack deployed and IAM enforced. `cdk deploy` itself is refused under enforcement, so it is
 * done without and the emulator started again on what it kept.
 */
export async function startEmulatedAws(options: EmulatedAwsOptions): Promise<EmulatedAws> {
  const { synthesised, port, stack, tell = () => {} } = options;
  const { folder } = synthesised;
  let outputs = synthesised.deployed;
  if (!outputs) {
    tell('Deploying the stack to the local AWS (cdk bootstrap, cdk deploy) …');
    outputs = await orAsBefore(folder, async () => {
      const open = await startMinistack({ folder, port, enforceIam: false, tell });
      try {
        return await deploy(synthesised, { endpoint: open.url, stack });
      } finally {
        await open.stop();
      }
    });
  }
  const enforcing = await startMinistack({ folder, port, enforceIam: true, tell });
  return { ...enforcing, outputs, isNewlyDeployed: !synthesised.deployed };
}

/** API Gateway's address of an HTTP API; the emulator's own host names do not resolve everywhere. */
export function emulatedApiUrl(endpoint: string, apiId: string): string {
  return `${endpoint}/_aws/execute-api/${apiId}/$default`;
}
