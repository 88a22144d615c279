import { SyncError } from '../../core/errors.ts';
import type { Vault } from '../../ports/vault.ts';

export function memoryVault(): Vault {
  const versions = new Map<string, Map<string, Readonly<Record<string, string>>>>();
  const nameOf = (tenantId: string, owner: string) => `${tenantId}/${owner}`;
  let written = 0;
  return {
    async read(tenantId, owner, version) {
      const secrets = versions.get(nameOf(tenantId, owner))?.get(version);
      if (!secrets) throw new SyncError('misconfigured', `The secret of ${owner} has no version ${version}.`);
      return { ...secrets };
    },
    async write(tenantId, owner, secrets) {
      written += 1;
      const name = nameOf(tenantId, owner);
      versions.set(name, new Map(versions.get(name)).set(`v${written}`, { ...secrets }));
      return `v${written}`;
    },
    async remove(tenantId, owner) {
      versions.delete(nameOf(tenantId, owner));
    },
  };
}
