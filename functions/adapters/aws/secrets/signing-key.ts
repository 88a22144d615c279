import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SyncError } from '../../../core/errors.ts';
import { awsFailure } from '../aws-failure.ts';

/** The stage's signing key: read once per instance, tried again after a failure. */
export function signingKey(parts: {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
}): () => Promise<string> {
  const { client, secretId } = parts;
  let kept: Promise<string> | undefined;

  async function read(): Promise<string> {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      if (!SecretString) throw new SyncError('defect', 'The signing key is empty.');
      return SecretString;
    } catch (error) {
      throw awsFailure('Secrets Manager GetSecretValue', error);
    }
  }

  return () => {
    kept ??= read().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}
