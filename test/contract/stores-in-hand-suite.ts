import { expect, test } from 'vitest';
import { messagesInHandStore } from '../../functions/adapters/aws/dynamodb/runs/messages-in-hand.ts';
import { breakersStore, throttlesStore } from '../../functions/adapters/aws/dynamodb/runs/throttles.ts';
import { keys } from '../../functions/adapters/aws/dynamodb/table/keys.ts';
import type { Asking } from '../../functions/ports/in-hand.ts';
import type { Table } from '../../functions/ports/table.ts';
import { newId } from './stores-fixtures.ts';

const nowMs = 1_000_000;
const untilMs = nowMs + 70_000;

/** What each tenant has in hand, and which systems are left alone. */
export function inHandSuite(on: string, tableOf: () => Table): void {
  const asking = (over: Partial<Asking> = {}): Asking => ({
    tenantId: newId(),
    connectionId: 'c1',
    interactive: false,
    id: newId(),
    ...over,
  });

  test(`of messages that enter at once each is told of those before it, and of nobody else's (${on})`, async () => {
    const inHand = messagesInHandStore({ table: tableOf() });
    const tenantId = newId();
    const all = Array.from({ length: 8 }, (_, n) =>
      asking({ tenantId, connectionId: `c${n % 2}`, interactive: n === 3 }),
    );
    const entered = await Promise.all(all.map((one) => inHand.enter(one, nowMs, untilMs)));
    const seen = entered.map(({ beside }) => beside.others.length);
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const { beside } = await inHand.enter(asking({ tenantId }), nowMs, untilMs);
    expect(beside.others.filter(({ interactive }) => interactive)).toEqual([{ connectionId: 'c1', interactive: true }]);
    expect((await inHand.enter(asking(), nowMs, untilMs)).beside.others).toEqual([]);
  });

  test(`a message that is entered or left twice is one, and what is left counts no more (${on})`, async () => {
    const inHand = messagesInHandStore({ table: tableOf() });
    const one = asking();
    await inHand.enter(one, nowMs, untilMs);
    const entered = await inHand.enter(one, nowMs, untilMs);
    expect(entered.beside.others).toEqual([]);
    await inHand.leave(entered);
    await inHand.leave(entered);
    const other = await inHand.enter(asking({ tenantId: one.tenantId }), nowMs, untilMs);
    expect(other.beside.others).toEqual([]);
  });

  test(`what a dead worker left counts no more once it has expired, and goes with the next message (${on})`, async () => {
    const table = tableOf();
    const inHand = messagesInHandStore({ table });
    const dead = asking();
    const { tenantId } = dead;
    await inHand.enter(dead, nowMs, untilMs);
    const before = await inHand.enter(asking({ tenantId }), untilMs - 1, untilMs + 1);
    expect(before.beside.others).toHaveLength(1);
    await inHand.leave(before);
    const after = await inHand.enter(asking({ tenantId }), untilMs, untilMs + 70_000);
    expect(after).toMatchObject({ beside: { others: [] }, expired: [`m~c1~${dead.id}`] });
    await inHand.leave(after);
    expect((await inHand.enter(asking({ tenantId }), untilMs, untilMs + 70_000)).expired).toEqual([]);
  });

  test(`a system that asked for patience is calm until then: the CRM for its tenant, an ERP for its connection (${on})`, async () => {
    const inHand = messagesInHandStore({ table: tableOf() });
    const { tenantId } = asking();
    const calmAt = async (connectionId: string, atMs: number) => {
      const entered = await inHand.enter(asking({ tenantId, connectionId }), atMs, untilMs);
      await inHand.leave(entered);
      return [entered.beside.crmCalm, entered.beside.erpCalm];
    };
    expect(await calmAt('c1', nowMs)).toEqual([false, false]);
    await inHand.keepCalm({ tenantId, connectionId: 'c1', side: 'erp' }, nowMs + 10);
    expect(await calmAt('c1', nowMs)).toEqual([false, true]);
    expect(await calmAt('c2', nowMs)).toEqual([false, false]);
    await inHand.keepCalm({ tenantId, connectionId: 'c1', side: 'crm' }, nowMs + 10);
    expect(await calmAt('c2', nowMs)).toEqual([true, false]);
    expect(await calmAt('c1', nowMs + 10)).toEqual([false, false]);
  });

  test(`calm that has passed goes with the next message, never one that stands or that somebody asks for meanwhile (${on})`, async () => {
    const table = tableOf();
    const inHand = messagesInHandStore({ table });
    const { tenantId } = asking();
    const enter = (connectionId: string, atMs: number) =>
      inHand.enter(asking({ tenantId, connectionId }), atMs, atMs + 70_000);
    const kept = async () =>
      Object.keys((await table.get(keys.inHand(tenantId))) ?? {}).filter((name) => name.startsWith('calm'));
    for (let n = 0; n < 40; n += 1) {
      await inHand.keepCalm({ tenantId, connectionId: `c${n % 20}`, side: 'erp' }, nowMs + n);
    }
    await inHand.keepCalm({ tenantId, connectionId: 'c0', side: 'crm' }, nowMs + 120_000);
    expect(await kept()).toHaveLength(21);
    const standing = await enter('c1', nowMs + 10);
    expect(standing.beside).toMatchObject({ crmCalm: true, erpCalm: true });
    await inHand.leave(standing);
    expect(await kept()).toHaveLength(21);
    const later = await enter('c1', nowMs + 60_000);
    expect(later.beside).toMatchObject({ crmCalm: true, erpCalm: false });
    await inHand.keepCalm({ tenantId, connectionId: 'c1', side: 'erp' }, nowMs + 120_000);
    await inHand.leave(later);
    expect(await kept()).toHaveLength(2);
    expect((await enter('c1', nowMs + 119_999)).beside).toMatchObject({ crmCalm: true, erpCalm: true });
  });

  test(`a breaker is changed only as it was read, and the wait beside it stands for itself (${on})`, async () => {
    const table = tableOf();
    const [breakers, throttles] = [breakersStore({ table }), throttlesStore({ table })];
    const end = { tenantId: newId(), connectionId: 'c1', side: 'erp' } as const;
    const [first, second] = [
      { untilMs: nowMs + 1, openMs: 30_000 },
      { untilMs: nowMs + 2, openMs: 60_000 },
    ];
    const opened = await Promise.all([1, 2, 3].map(() => breakers.replace(end, undefined, first)));
    expect(opened.sort()).toEqual([false, false, true]);
    const throttle = await throttles.note(end, nowMs, undefined);
    expect(await breakers.replace(end, second, undefined)).toBe(false);
    expect(await breakers.replace(end, first, second)).toBe(true);
    await throttles.clear(end, throttle);
    expect(await breakers.get(end.tenantId, 'c1')).toEqual({ crm: undefined, erp: second });
    expect(await throttles.get(end.tenantId, 'c1')).toEqual({ crm: undefined, erp: undefined });
    await throttles.note(end, nowMs, 5_000);
    expect(await breakers.replace(end, second, undefined)).toBe(true);
    expect(await breakers.get(end.tenantId, 'c1')).toEqual({ crm: undefined, erp: undefined });
    expect((await throttles.get(end.tenantId, 'c1')).erp).toEqual({ untilMs: nowMs + 5_000 });
  });
}
