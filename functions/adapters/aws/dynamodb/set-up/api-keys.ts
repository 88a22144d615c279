/**
 * Always true: a removed key stays removed: noting its use writes only to a key that is there. A crash leaves no more
 * than a use that was not noted. A key is removed together with the sight of another one. Attacked by test/contract/stores-set-up-suite.ts.
 */
import { asSyncError, SyncError } from '../../../../core/errors.ts';
import { ApiKey } from '../../../../core/model/api-key.ts';
import type { ApiKeys } from '../../../../ports/api-keys.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys, partitions } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { readItem, storedItem } from '../table/stored-item.ts';
import { trailWrites } from './audit.ts';

const minuteMs = 60_000;

export function apiKeysStore({ table }: { readonly table: Table }): ApiKeys {
  return {
    async create(key, trail) {
      const item = { put: apiKeyItem(key), when: { exists: false } };
      const { ok } = await table.transact([item, ...trailWrites(trail)]);
      if (!ok) throw new SyncError('defect', `API key ${key.id} exists already.`);
    },
    async get(tenantId, keyId) {
      const item = await table.get(keys.apiKey(tenantId, keyId));
      return item && readApiKey(item);
    },
    list: (tenantId, page) => readPage({ table, partitions: [partitions.apiKeys(tenantId)], page, read: readApiKey }),
    async remove(tenantId, keyId, whileThereIs, trail) {
      const removal: Write = { delete: keys.apiKey(tenantId, keyId), when: { exists: true } };
      const writes = [removal, ...trailWrites(trail)];
      if (whileThereIs !== undefined) {
        const witness = keys.apiKey(tenantId, whileThereIs);
        writes.push({ update: witness, set: { type: 'api-key' }, when: { exists: true } });
      }
      return (await table.transact(writes)).ok;
    },
    async touch(tenantId, keyId, at) {
      const usedMinute = Math.floor(Date.parse(at) / minuteMs);
      try {
        await table.write({
          update: keys.apiKey(tenantId, keyId),
          set: { lastUsedAt: at, usedMinute },
          when: { below: { usedMinute } },
        });
      } catch (error) {
        // A caller is not refused because its time stamp could not be kept.
        if (asSyncError(error).kind === 'defect') throw error;
      }
    },
  };
}

/** `usedMinute` (minutes since 1970) is the condition under which `touch` writes. */
export function apiKeyItem(key: ApiKey): Item {
  return storedItem({ type: 'api-key', key: keys.apiKey(key.tenantId, key.id) }, { ...key, usedMinute: 0 });
}

function readApiKey(item: Item): ApiKey {
  return readItem('api-key', ApiKey, item);
}
