import { SyncError } from '../../core/errors.ts';
import type { Vault } from '../../ports/vault.ts';

export interface MemoryVault extends Vault {
  /** All that is kept, by `{tenant}/{owner}/{version}`. */
  readonly secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

type Kept = Map<string, Readonly<Record<string, string>>>;

function move(from: Kept, to: Kept, prefix: string): void {
  for (const [name, fields] of from) {
    if (!name.startsWith(prefix)) continue;
    from.delete(name);
    to.set(name, fields);
  }
}

export function memoryVault(): MemoryVault {
  const secrets: Kept = new Map();
  const removed: Kept = new Map();
  let written = 0;
  return {
    secrets,
    async read(tenantId, owner, version) {
      const found = secrets.get(`${tenantId}/${owner}/${version}`);
      if (!found) throw new SyncError('misconfigured', `The secret of ${owner} has no version ${version}.`);
      return { ...found };
    },
    async write(tenantId, owner, fields) {
      move(removed, secrets, `${tenantId}/${owner}/`);
      written += 1;
      secrets.set(`${tenantId}/${owner}/v${written}`, { ...fields });
      return `v${written}`;
    },
    async remove(tenantId, owner) {
      move(secrets, removed, `${tenantId}/${owner}/`);
    },
    async removeAll(tenantId) {
      move(secrets, removed, `${tenantId}/`);
    },
    async restore(tenantId, owner) {
      move(removed, secrets, `${tenantId}/${owner}/`);
    },
  };
}
