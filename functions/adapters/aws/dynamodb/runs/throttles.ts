/**
 * How long systems ask to be left alone. Always true: of workers who are throttled at once the first one sets the wait, and
 * a wait is only taken away as it was read. Each is one write on condition, so a crash leaves the wait before or after it.
 * Attacked by test/contract/stores-log-suite.ts.
 */

import { SyncError } from '../../../../core/errors.ts';
import { nextThrottle, Throttle } from '../../../../core/timing/throttle.ts';
import type { Condition, Item, Key, Table } from '../../../../ports/table.ts';
import type { ConnectionEnd, Throttles } from '../../../../ports/throttles.ts';
import { keys } from '../table/keys.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

const mostTries = 10;
/** Long after the wait nobody asks how long it was. */
const lifeMs = 86_400_000;

export function throttlesStore({ table }: { readonly table: Table }): Throttles {
  return {
    async get(tenantId, connectionId) {
      const [crm, erp] = [
        keyOf({ tenantId, connectionId, side: 'crm' }),
        keyOf({ tenantId, connectionId, side: 'erp' }),
      ];
      const items = await table.getMany([crm, erp]);
      const at = (key: Key) => read(items.find((item) => item.pk === key.pk && item.sk === key.sk));
      return { crm: at(crm), erp: at(erp) };
    },
    async note(end, nowMs, askedMs) {
      const key = keyOf(end);
      for (let tries = 0; tries < mostTries; tries += 1) {
        const before = read(await table.get(key));
        const after = nextThrottle(before, nowMs, askedMs);
        if (after === before) return after;
        const item = storedItem({ type: 'throttle', key, expiresAtMs: after.untilMs + lifeMs }, after);
        const { ok } = await table.transact([{ put: item, when: as(before) }]);
        if (ok) return after;
      }
      throw new SyncError('transient', 'The wait of a throttled system is being changed all the time.');
    },
    async clear(end, throttle) {
      await table.write({ delete: keyOf(end), when: as(throttle) });
    },
  };
}

function keyOf({ tenantId, connectionId, side }: ConnectionEnd): Key {
  return keys.throttle(tenantId, side === 'crm' ? undefined : connectionId);
}

function read(item: Item | undefined): Throttle | undefined {
  return item && readItem('throttle', Throttle, item);
}

function as(before: Throttle | undefined): Condition {
  return before ? { equals: { untilMs: before.untilMs } } : { exists: false };
}
