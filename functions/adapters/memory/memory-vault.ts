import { SyncError } from '../../core/errors.ts';
import type { Vault } from '../../ports/vault.ts';

export interface MemoryVault extends Vault {
  /** All that is kept, by `{tenant}/{owner}/{version}`. */
  readonly secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

export function memoryVault(): MemoryVault {
  const secrets = new Map<string, Readonly<Record<string, string>>>();
  let written = 0;
  return {
    secrets,
    async read(tenantId, owner, version) {
      const found = secrets.get(`${tenantId}/${owner}/${version}`);
      if (!found) throw new SyncError('misconfigured', `The secret of ${owner} has no version ${version}.`);
      return { ...found };
    },
    async write(tenantId, owner, fields) {
      written += 1;
      secrets.set(`${tenantId}/${owner}/v${written}`, { ...fields });
      return `v${written}`;
    },
    async remove(tenantId, owner) {
      for (const name of secrets.keys()) if (name.startsWith(`${tenantId}/${owner}/`)) secrets.delete(name);
    },
  };
}
