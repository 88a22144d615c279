/** One instance that polls the connections of many tenants in turn: what it has opened stays open. */
import { expect, test } from 'vitest';
import { signInOnce } from '../../functions/adapters/http/sign-in-once.ts';
import { MemoryRecordSystem } from '../../functions/adapters/memory/memory-record-system.ts';
import { SyncError } from '../../functions/core/errors.ts';
import type { Connection } from '../../functions/core/model/connection.ts';
import type { Tenant } from '../../functions/core/model/tenant.ts';
import type { ListChangesRequest } from '../../functions/ports/record-system.ts';
import type { CrmConnector, ErpConnector, Outside } from '../../functions/ports/record-systems.ts';
import { mostOpen, recordSystems } from '../../functions/wiring/record-systems.ts';

const minuteMs = 60_000;

function tenantOf(at: number): Tenant {
  return {
    id: `T${at}`,
    crmContext: `Cust${at}`,
    revision: 1,
    crm: { kind: 'office', address: 'https://crm.example.com', config: {}, secretVersion: 'v1' },
    defaultConflictPolicy: { kind: 'crm-wins' },
    retentionDays: 90,
    createdAt: '2026-11-20T10:00:00.000Z',
  };
}

function connectionOf(at: number): Connection {
  return {
    tenantId: `T${at}`,
    id: `C${at}`,
    connectorId: 'K1',
    connectorKind: 'shop',
    connectorUrl: 'https://erp.example.com',
    name: 'ERP',
    state: 'active',
    config: {},
    secretsSet: ['password'],
    secretVersion: 'v1',
    place: 0,
    intervalMinutes: 1,
    activatedBefore: true,
    revision: 1,
    createdAt: '2026-11-20T10:00:00.000Z',
  };
}

/** An instance whose systems sign in when they are first asked something, and then use their ticket. */
function instance(memoryMb?: number) {
  const clock = { nowMs: Date.UTC(2026, 10, 23, 8) };
  const counts = { reads: new Map<string, number>(), signIns: new Map<string, number>(), lists: 0 };
  const count = (of: Map<string, number>, key: string) => of.set(key, (of.get(key) ?? 0) + 1);
  const refused = new Set<string>();

  class SignedIn extends MemoryRecordSystem {
    private readonly tickets;
    private readonly user: string;

    constructor(outside: Outside, user: string) {
      super({
        nowMs: () => clock.nowMs,
        version: 'exact',
        types: [{ type: 'customer', table: 'party', fields: [] }],
      });
      this.user = user;
      this.tickets = signInOnce(outside, async () => {
        count(counts.signIns, user);
        refused.delete(user);
      });
    }

    override async capabilities() {
      await this.signIn();
      return super.capabilities();
    }

    override async listChanges(request: ListChangesRequest) {
      await this.signIn();
      counts.lists += 1;
      return super.listChanges(request);
    }

    private async signIn(): Promise<void> {
      const ticket = this.tickets.get();
      await ticket;
      if (refused.has(this.user)) this.tickets.drop(ticket);
      await this.tickets.get();
    }
  }

  const crm: CrmConnector = {
    kind: 'office',
    label: 'Office',
    settings: [],
    open: async (outside, { crmContext }) => new SignedIn(outside, crmContext),
  };
  const erp: ErpConnector = {
    kind: 'shop',
    label: 'Shop',
    settings: [],
    reach: async () => undefined,
    open: async (outside, _url, { password }) => new SignedIn(outside, String(password)),
  };
  const systems = recordSystems(
    {
      http: {
        send: async () => {
          throw new SyncError('transient', 'No network here.');
        },
      },
      runtime: { nowMs: () => clock.nowMs, now: () => '', newId: () => 'ID', random: () => 0, sleep: async () => {} },
      vault: {
        async read(tenantId, owner): Promise<Record<string, string>> {
          count(counts.reads, `${tenantId}/${owner}`);
          return owner === 'crm' ? {} : { password: `user of ${owner}` };
        },
      },
      memoryMb,
    },
    { crm: [crm], erp: [erp] },
  );
  return {
    counts,
    refused,
    /** Polls the connections of all tenants one after the other, once a minute. */
    async poll(tenants: number, minutes: number, of: (at: number) => Connection = connectionOf) {
      for (let minute = 0; minute < minutes; minute += 1) {
        for (let at = 0; at < tenants; at += 1) {
          for (const system of [await systems.crm(tenantOf(at)), await systems.erp(of(at))]) {
            await system.capabilities();
            await system.listChanges({ table: 'party', fieldsByType: {}, cursor: '0' });
          }
        }
        clock.nowMs += minuteMs;
      }
    },
  };
}

const most = (counts: Map<string, number>) => Math.max(...counts.values());

test('of 1,000 tenants polled every minute for two hours each end signs in once, and its secret is read once', async () => {
  const { counts, poll } = instance();
  await poll(1_000, 120);
  expect(counts.lists).toBe(1_000 * 120 * 2);
  expect({ owners: counts.signIns.size, most: most(counts.signIns) }).toEqual({ owners: 2_000, most: 1 });
  expect({ owners: counts.reads.size, most: most(counts.reads) }).toEqual({ owners: 2_000, most: 1 });
});

test('a ticket that is refused is another sign-in, and another version of a secret another read', async () => {
  const { counts, refused, poll } = instance();
  await poll(2, 5);
  refused.add('user of C1');
  await poll(2, 5);
  expect([counts.signIns.get('user of C0'), counts.signIns.get('user of C1'), most(counts.reads)]).toEqual([1, 2, 1]);
  await poll(2, 5, (at) => ({ ...connectionOf(at), secretVersion: 'v2' }));
  expect([counts.reads.get('T0/crm'), counts.reads.get('T0/C0'), counts.signIns.get('user of C0')]).toEqual([1, 2, 2]);
});

test('more memory keeps more systems open, and what does not fit is opened again', async () => {
  expect([mostOpen(512), mostOpen(1_024), mostOpen(10_240)]).toEqual([2_048, 4_096, 40_960]);
  const { counts, poll } = instance(1);
  expect(mostOpen(1)).toBe(4);
  await poll(2, 3);
  expect(most(counts.reads)).toBe(1);
  await poll(3, 3);
  expect(most(counts.reads)).toBeGreaterThan(1);
});
