import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { IdempotencyKeys, KeptAnswer } from '../../../../ports/idempotency-keys.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { Condition, Item, Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, readItem, storedItem } from '../table/stored-item.ts';

const keptMs = 24 * 3_600_000;

const Entry = z.object({
  requestHash: z.string(),
  /** While it lies ahead, the first caller may still be working. The name is an older one, kept for what is stored. */
  leaseUntilMs: z.number(),
  keptUntilMs: z.number(),
  /** The body is gzipped: a long list would not fit otherwise. */
  answer: z
    .object({ status: z.number().int(), zippedBody: z.string(), headers: z.record(z.string(), z.string()) })
    .optional(),
});
type Entry = z.infer<typeof Entry>;

export function idempotencyKeysStore(parts: {
  readonly table: Table;
  readonly runtime: Pick<Runtime, 'nowMs'>;
}): IdempotencyKeys {
  const { table, runtime } = parts;
  return {
    async begin({ tenantId, key, requestHash, busyForMs }) {
      const nowMs = runtime.nowMs();
      const take = async (when: Condition): Promise<boolean> => {
        const entry: Entry = { requestHash, leaseUntilMs: nowMs + busyForMs, keptUntilMs: nowMs + keptMs };
        const { ok } = await table.transact([{ put: entryItem(tenantId, key, entry), when }]);
        return ok;
      };
      const item = await table.get(keys.idempotency(tenantId, key));
      if (!item) return { state: (await take({ exists: false })) ? 'started' : 'busy' };
      const { leaseUntilMs: busyUntilMs, keptUntilMs, ...entry } = readItem('idempotency', Entry, item);
      const over = keptUntilMs <= nowMs;
      if (!over && entry.requestHash !== requestHash) return { state: 'mismatch' };
      if (!over && entry.answer) return { state: 'finished', answer: unpacked(entry.answer) };
      if (!over && busyUntilMs > nowMs) return { state: 'busy' };
      const unchanged = { equals: { requestHash: entry.requestHash, leaseUntilMs: busyUntilMs } };
      return { state: (await take(unchanged)) ? 'started' : 'busy' };
    },
    async finish({ tenantId, key, requestHash, answer }) {
      await table.write({
        update: keys.idempotency(tenantId, key),
        set: attributesOf({ answer: packed(answer) }),
        when: { equals: { requestHash } },
      });
    },
    async abandon({ tenantId, key, requestHash }) {
      const when = { equals: { requestHash }, absent: ['answer'] };
      await table.write({ delete: keys.idempotency(tenantId, key), when });
    },
  };
}

function entryItem(tenantId: string, key: string, entry: Entry): Item {
  const parts = { type: 'idempotency', key: keys.idempotency(tenantId, key), expiresAtMs: entry.keptUntilMs };
  return storedItem(parts, entry);
}

function packed({ status, body, headers }: KeptAnswer): NonNullable<Entry['answer']> {
  return { status, headers, zippedBody: gzipSync(body).toString('base64') };
}

function unpacked({ status, zippedBody, headers }: NonNullable<Entry['answer']>): KeptAnswer {
  return { status, headers, body: gunzipSync(Buffer.from(zippedBody, 'base64')).toString() };
}
