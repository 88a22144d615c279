/**
 * Always true: the version that an owner stored can be read, whatever was written since. AWS may delete a version that
 * has no staging label, and its own two labels cover the newest two only: a crash or a lost race between a write here
 * and the owner's own write, and then another, would leave the owner's version without one. So each version gets a label
 * that no other write can take, for a label that is put on a second version leaves the first. AWS allows 20 per secret:
 * before a write the oldest versions of more than `mostLabels` give theirs up, so the owner's version is lost only after
 * that many writes in a row that no owner took up. Nothing reads by AWSCURRENT. Attacked by
 * test/emulator/aws-adapters.test.ts.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  LimitExceededException,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RestoreSecretCommand,
  type SecretsManagerClient,
  type SecretVersionsListEntry,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { SyncError } from '../../../core/errors.ts';
import type { Runtime } from '../../../ports/runtime.ts';
import type { Vault } from '../../../ports/vault.ts';
import { awsFailure } from '../aws-failure.ts';

export interface SecretsVaultOptions {
  readonly client: SecretsManagerClient;
  /** `erp-sync/{stage}`. */
  readonly prefix: string;
  readonly runtime: Pick<Runtime, 'nowMs' | 'newId'>;
}

const cacheMs = 300_000;
const mostLabels = 16;
/** A restored secret, and writes of others that took all labels meanwhile. */
const mostTries = 5;
const SecretFields = z.record(z.string(), z.string());
type SecretFields = z.infer<typeof SecretFields>;

/** The Vault port on Secrets Manager: `{prefix}/{tenant}/{owner}`, versions by their id. */
export function secretsVault({ client, prefix, runtime }: SecretsVaultOptions): Vault {
  const cache = new Map<string, { readonly fields: SecretFields; readonly untilMs: number }>();
  const secretName = (tenantId: string, owner: string) => `${prefix}/${tenantId}/${owner}`;

  return {
    async read(tenantId, owner, version) {
      const name = secretName(tenantId, owner);
      const cacheKey = `${name}:${version}`;
      const kept = cache.get(cacheKey);
      if (kept && runtime.nowMs() < kept.untilMs) return kept.fields;
      for (const [key, { untilMs }] of cache) if (untilMs <= runtime.nowMs()) cache.delete(key);
      const fields = await readVersion(client, name, version);
      cache.set(cacheKey, { fields, untilMs: runtime.nowMs() + cacheMs });
      return fields;
    },

    async write(tenantId, owner, secrets) {
      const name = secretName(tenantId, owner);
      try {
        return await putVersion(client, name, `version-${runtime.newId()}`, secrets);
      } catch (error) {
        throw awsFailure('Secrets Manager PutSecretValue', error);
      }
    },

    remove: (tenantId, owner) => removeNamed(client, secretName(tenantId, owner)),

    async removeAll(tenantId) {
      const beginning = secretName(tenantId, '');
      let NextToken: string | undefined;
      do {
        const page = await listed(client, beginning, NextToken);
        // Filters of AWS match the beginning of a name; who matches more must not lose another tenant's.
        const own = (page.SecretList ?? []).flatMap(({ Name = '' }) => (Name.startsWith(beginning) ? [Name] : []));
        for (const name of own) await removeNamed(client, name);
        ({ NextToken } = page);
      } while (NextToken !== undefined);
    },

    async restore(tenantId, owner) {
      try {
        await client.send(new RestoreSecretCommand({ SecretId: secretName(tenantId, owner) }));
      } catch (error) {
        // InvalidRequestException: its deletion is not scheduled.
        if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) return;
        throw awsFailure('Secrets Manager RestoreSecret', error);
      }
    },
  };
}

async function listed(client: SecretsManagerClient, beginning: string, NextToken: string | undefined) {
  const command = new ListSecretsCommand({
    Filters: [{ Key: 'name', Values: [beginning] }],
    MaxResults: 100,
    NextToken,
  });
  try {
    return await client.send(command);
  } catch (error) {
    throw awsFailure('Secrets Manager ListSecrets', error);
  }
}

async function removeNamed(client: SecretsManagerClient, name: string): Promise<void> {
  try {
    await client.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: 7 }));
  } catch (error) {
    // InvalidRequestException: its deletion is scheduled already.
    if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) return;
    throw awsFailure('Secrets Manager DeleteSecret', error);
  }
}

async function readVersion(client: SecretsManagerClient, name: string, version: string): Promise<SecretFields> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: name, VersionId: version }));
    return SecretFields.parse(JSON.parse(answer.SecretString ?? ''));
  } catch (error) {
    if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) {
      throw new SyncError('misconfigured', 'The stored credentials are gone.', { cause: error });
    }
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      // Their text may hold the secret: not even kept as a cause.
      throw new SyncError('defect', 'The stored credentials cannot be read.');
    }
    throw awsFailure('Secrets Manager GetSecretValue', error);
  }
}

/** A removed secret is still there for its recovery window: it is taken back, for its name cannot be used anew. */
async function putVersion(client: SecretsManagerClient, name: string, label: string, secrets: SecretFields) {
  const put = new PutSecretValueCommand({
    SecretId: name,
    SecretString: JSON.stringify(secrets),
    VersionStages: [label],
  });
  const makeRoom = async () => {
    for (const one of labelsToFree(await versionsOf(client, name))) await free(client, name, one);
  };
  for (let tries = 1; ; tries += 1) {
    try {
      await makeRoom();
      const { VersionId } = await client.send(put);
      if (!VersionId) throw new SyncError('defect', 'Secrets Manager gave no version id.');
      return VersionId;
    } catch (error) {
      if (tries === mostTries) throw error;
      if (error instanceof InvalidRequestException) await client.send(new RestoreSecretCommand({ SecretId: name }));
      // Others wrote meanwhile, and there are too many labels again.
      else if (!(error instanceof LimitExceededException)) throw error;
    }
  }
}

/** An empty secret is made first where there is none: a version made with the secret could not have a label of ours. */
async function versionsOf(client: SecretsManagerClient, name: string): Promise<SecretVersionsListEntry[]> {
  try {
    const answer = await client.send(new ListSecretVersionIdsCommand({ SecretId: name, MaxResults: 100 }));
    return answer.Versions ?? [];
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await client.send(new CreateSecretCommand({ Name: name })).catch((fault: unknown) => {
      if (!(fault instanceof ResourceExistsException)) throw fault;
    });
    return [];
  }
}

interface Labelled {
  readonly label: string;
  readonly version: string | undefined;
}

async function free(client: SecretsManagerClient, name: string, { label, version }: Labelled): Promise<void> {
  const command = new UpdateSecretVersionStageCommand({
    SecretId: name,
    VersionStage: label,
    RemoveFromVersionId: version,
  });
  await client.send(command).catch((error: unknown) => {
    // Another write has freed it.
    if (!(error instanceof InvalidParameterException || error instanceof ResourceNotFoundException)) throw error;
  });
}

/** The labels of the oldest versions, so many that one more fits; AWS's own say nothing. */
export function labelsToFree(versions: readonly SecretVersionsListEntry[]): readonly Labelled[] {
  const oldestFirst = versions
    .toSorted((one, other) => (one.CreatedDate?.getTime() ?? 0) - (other.CreatedDate?.getTime() ?? 0))
    .flatMap(({ VersionId: version, VersionStages = [] }) => VersionStages.map((label) => ({ label, version })))
    .filter(({ label }) => !label.startsWith('AWS'));
  return oldestFirst.slice(0, Math.max(0, oldestFirst.length - mostLabels + 1));
}
