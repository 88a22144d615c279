/**
 * How long systems ask to be left alone, and which are left alone because they fail: one item a system. Always true: of
 * workers who are throttled at once the first one sets the wait, a wait is only taken away as it was read, and so is a
 * breaker changed; neither touches the other. Each is one write on condition, so a crash leaves it before or after. Attacked by
 * test/contract/stores-log-suite.ts and test/contract/stores-in-hand-suite.ts.
 */

import { SyncError } from '../../../../core/errors.ts';
import { Breaker } from '../../../../core/timing/breaker.ts';
import { nextThrottle, Throttle } from '../../../../core/timing/throttle.ts';
import type { Breakers } from '../../../../ports/breakers.ts';
import type { Condition, Item, Key, Table } from '../../../../ports/table.ts';
import type { ConnectionEnd, Throttles } from '../../../../ports/throttles.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, readItem } from '../table/stored-item.ts';

const mostTries = 10;
/** Long after the wait nobody asks how long it was. */
const lifeMs = 86_400_000;

export function throttlesStore({ table }: { readonly table: Table }): Throttles {
  return {
    get: (tenantId, connectionId) => readBoth(table, tenantId, connectionId, throttleOf),
    async note(end, nowMs, askedMs) {
      const key = keyOf(end);
      for (let tries = 0; tries < mostTries; tries += 1) {
        const item = await table.get(key);
        const before = item && throttleOf(item);
        const after = nextThrottle(before, nowMs, askedMs);
        if (after === before) return after;
        const gone = after.chosenMs === undefined ? ['chosenMs'] : [];
        const update = { update: key, set: itemParts(after, after.untilMs), remove: gone, when: as(before) };
        const { ok } = await table.transact([update]);
        if (ok) return after;
      }
      throw new SyncError('transient', 'The wait of a throttled system is being changed all the time.');
    },
    async clear(end, throttle) {
      await table.write({ update: keyOf(end), remove: ['untilMs', 'chosenMs'], when: as(throttle) });
    },
  };
}

export function breakersStore({ table }: { readonly table: Table }): Breakers {
  return {
    get: (tenantId, connectionId) => readBoth(table, tenantId, connectionId, breakerOf),
    async replace(end, before, after) {
      const when = before ? { equals: { openUntilMs: before.untilMs } } : { absent: ['openUntilMs'] };
      const change = after
        ? { set: itemParts({ openUntilMs: after.untilMs, openMs: after.openMs }, after.untilMs) }
        : { remove: ['openUntilMs', 'openMs'] };
      const { ok } = await table.transact([{ update: keyOf(end), ...change, when }]);
      return ok;
    },
  };
}

async function readBoth<Part>(
  table: Table,
  tenantId: string,
  connectionId: string,
  partOf: (item: Item) => Part | undefined,
) {
  const [crm, erp] = [keyOf({ tenantId, connectionId, side: 'crm' }), keyOf({ tenantId, connectionId, side: 'erp' })];
  const items = await table.getMany([crm, erp]);
  const at = ({ pk }: Key) => {
    const item = items.find((one) => one.pk === pk);
    return item && partOf(item);
  };
  return { crm: at(crm), erp: at(erp) };
}

function keyOf({ tenantId, connectionId, side }: ConnectionEnd): Key {
  return keys.throttle(tenantId, side === 'crm' ? undefined : connectionId);
}

function itemParts(value: object, untilMs: number) {
  return attributesOf({ ...value, type: 'throttle', v: 1, expires: Math.ceil((untilMs + lifeMs) / 1000) });
}

function throttleOf(item: Item): Throttle | undefined {
  return item.untilMs === undefined ? undefined : readItem('throttle', Throttle, item);
}

function breakerOf(item: Item): Breaker | undefined {
  const { openUntilMs: untilMs, openMs } = item;
  return untilMs === undefined ? undefined : readItem('throttle', Breaker, item, () => ({ untilMs, openMs }));
}

function as(before: Throttle | undefined): Condition {
  return before ? { equals: { untilMs: before.untilMs } } : { absent: ['untilMs'] };
}
