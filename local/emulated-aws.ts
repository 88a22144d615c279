import { type AppOptions, deploy, type StackOutputs, synthesise } from './deploy.ts';
import { type Ministack, startMinistack } from './ministack.ts';

export interface EmulatedAwsOptions extends AppOptions {
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
  const { folder, port, stack, tell = () => {} } = options;
  const synthesised = await synthesise(options);
  let outputs = synthesised.deployed;
  if (!outputs) {
    tell('Deploying the stack to the local AWS (cdk bootstrap, cdk deploy) …');
    const open = await startMinistack({ folder, port, enforceIam: false });
    try {
      outputs = await deploy(synthesised, { endpoint: open.url, stack });
    } finally {
      await open.stop();
    }
  }
  const enforcing = await startMinistack({ folder, port, enforceIam: true });
  return { ...enforcing, outputs, isNewlyDeployed: !synthesised.deployed };
}

/** API Gateway's address of an HTTP API; the emulator's own host names do not resolve everywhere. */
export function emulatedApiUrl(endpoint: string, apiId: string): string {
  return `${endpoint}/_aws/execute-api/${apiId}/$default`;
}
