/**
 * What a tenant has in hand, in one item: an attribute a message, its value when that counts no more. Always true: of
 * messages that enter at one moment each is answered with those before it, for DynamoDB changes an item by one write at a
 * time; nothing is decided by what a dead worker left. Each is one unconditional write, small enough for one unit, so a crash leaves at
 * most an entry that expires. Attacked by test/contract/stores-in-hand-suite.ts.
 */

import type { Holding } from '../../../../core/timing/caps.ts';
import type { Asking, MessagesInHand } from '../../../../ports/in-hand.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { numberIn, trustedItem } from '../table/stored-item.ts';

/** Long after the last message. */
const lifeMs = 86_400_000;
/** An update takes a few names at a time; the next message takes the rest. */
const mostExpired = 50;

const separator = '~';

export function messagesInHandStore({ table }: { readonly table: Table }): MessagesInHand {
  return {
    async enter(asking, nowMs, untilMs) {
      const own = nameOf(asking);
      const { item } = await touch(asking.tenantId, nowMs, { [own]: untilMs });
      const found = item ? trustedItem('in-hand', item, (same) => same) : {};
      const others: Holding[] = [];
      const expired: string[] = [];
      for (const [name, value] of Object.entries(found)) {
        const holding = name === own ? undefined : holdingOf(name);
        if (!holding) continue;
        if (typeof value === 'number' && value > nowMs) others.push(holding);
        else expired.push(name);
      }
      const calm = (connectionId?: string) => item !== undefined && numberIn(item, calmOf(connectionId)) > nowMs;
      const beside = { others, crmCalm: calm(), erpCalm: calm(asking.connectionId) };
      return { asking, beside, expired: expired.slice(0, mostExpired) };
    },
    async leave({ asking, expired }) {
      await table.write({ update: keys.inHand(asking.tenantId), remove: [nameOf(asking), ...expired] });
    },
    async keepCalm({ tenantId, connectionId, side }, untilMs) {
      await touch(tenantId, untilMs, { [calmOf(side === 'crm' ? undefined : connectionId)]: untilMs });
    },
  };

  async function touch(
    tenantId: string,
    nowMs: number,
    set: Readonly<Record<string, number>>,
  ): Promise<{ item?: Item }> {
    const expires = Math.ceil((nowMs + lifeMs) / 1000);
    const answer = await table.write({
      update: keys.inHand(tenantId),
      set: { ...set, type: 'in-hand', v: 1, expires },
    });
    return answer.ok && answer.item ? { item: answer.item } : {};
  }
}

function nameOf({ interactive, connectionId, id }: Asking): string {
  return [interactive ? 'i' : 'm', connectionId, id].join(separator);
}

function holdingOf(name: string): Holding | undefined {
  const [kind, connectionId, id] = name.split(separator);
  if (connectionId === undefined || id === undefined) return undefined;
  return { connectionId, interactive: kind === 'i' };
}

/** Of a connection's ERP; without a connection, of the tenant's CRM. */
function calmOf(connectionId: string | undefined): string {
  return connectionId === undefined ? 'calm' : `calm${separator}${connectionId}`;
}
