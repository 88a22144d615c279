/**
 * What a tenant has in hand, in one item: an attribute a message, its value when that counts no more, and one for a while in
 * which a system is calm. Always true: of messages that enter at one moment each is answered with those before it, for
 * DynamoDB changes an item by one write at a time; nothing is decided by what a dead worker left; what is removed as expired
 * is named so that nobody sets it again. Each is one unconditional write, small enough for one unit, so a crash leaves at
 * most an entry that expires. Attacked by test/contract/stores-in-hand-suite.ts.
 */

import type { Holding } from '../../../../core/timing/caps.ts';
import type { Asking, MessagesInHand } from '../../../../ports/in-hand.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { trustedItem } from '../table/stored-item.ts';

/** Long after the last message. */
const lifeMs = 86_400_000;
/** An update takes a few names at a time; the next message takes the rest. */
const mostExpired = 50;
/** Calm that ends within one such step is one attribute: a few for a system, however often it asks for patience. */
const calmStepMs = 30_000;

const separator = '~';
/** In place of a connection: the CRM is its tenant's. */
const ofCrm = '';

export function messagesInHandStore({ table }: { readonly table: Table }): MessagesInHand {
  return {
    async enter(asking, nowMs, untilMs) {
      const own = nameOf(asking);
      const { item } = await touch(asking.tenantId, nowMs, { [own]: untilMs });
      const found = item ? trustedItem('in-hand', item, (same) => same) : {};
      const others: Holding[] = [];
      const calm = new Set<string>();
      const expired: string[] = [];
      for (const [name, value] of Object.entries(found)) {
        if (name === own) continue;
        const [kind, connectionId = '', id] = name.split(separator);
        const counts = typeof value === 'number' && value > nowMs;
        if (kind === 'calm') {
          if (counts) calm.add(connectionId);
          else if (hasPassed(id, nowMs)) expired.push(name);
        } else if (id !== undefined) {
          if (counts) others.push({ connectionId, interactive: kind === 'i' });
          else expired.push(name);
        }
      }
      const beside = { others, crmCalm: calm.has(ofCrm), erpCalm: calm.has(asking.connectionId) };
      return { asking, beside, expired: expired.slice(0, mostExpired) };
    },
    async leave({ asking, expired }) {
      await table.write({ update: keys.inHand(asking.tenantId), remove: [nameOf(asking), ...expired] });
    },
    async keepCalm({ tenantId, connectionId, side }, untilMs) {
      const whose = side === 'crm' ? ofCrm : connectionId;
      await touch(tenantId, untilMs, { [['calm', whose, Math.ceil(untilMs / calmStepMs)].join(separator)]: untilMs });
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

/** A step of calm that nobody sets any more: calm lasts longer than clocks differ. What an earlier version kept has none. */
function hasPassed(step: string | undefined, nowMs: number): boolean {
  return step === undefined || Number(step) * calmStepMs <= nowMs;
}
