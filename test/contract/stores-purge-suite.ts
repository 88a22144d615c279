import { expect, test } from 'vitest';
import { changeLogStore } from '../../functions/adapters/aws/dynamodb/links/change-log.ts';
import { dueItemsStore } from '../../functions/adapters/aws/dynamodb/links/due-items.ts';
import { failuresStore } from '../../functions/adapters/aws/dynamodb/links/failures.ts';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { purgesStore } from '../../functions/adapters/aws/dynamodb/purge/purges.ts';
import { runsStore } from '../../functions/adapters/aws/dynamodb/runs/runs.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import type { IntendedWrite, Link } from '../../functions/core/model/link.ts';
import type { Table } from '../../functions/ports/table.ts';
import { recordingTable } from './recording-table.ts';
import {
  aChange,
  aChunk,
  aConnection,
  aConnector,
  aFailure,
  aLink,
  anActorType,
  aRun,
  at,
  dueOf,
  ends,
  newId,
} from './stores-fixtures.ts';

/** What a connection leaves behind, and that it goes. */
export function purgeSuite(on: string, tableOf: () => Table): void {
  const stores = () => {
    const table = recordingTable(tableOf());
    const retentionDays = async () => 90;
    const runtime = { now: () => at, nowMs: () => Date.parse(at), newId, random: () => 0.5, sleep: async () => {} };
    return {
      table,
      links: linksStore({ table, retentionDays }),
      changeLog: changeLogStore({ table, retentionDays }),
      due: dueItemsStore({ table }),
      failures: failuresStore({ table }),
      runs: runsStore({ table, runtime, retentionDays }),
      connections: connectionsStore({ table }),
      connectors: connectorsStore({ table }),
      purges: purgesStore({ table }),
    };
  };
  type Stores = ReturnType<typeof stores>;
  const types = async ({ table }: Stores) => (await table.standing()).map(({ type }) => String(type)).sort();
  const connected = async ({ links }: Stores, link: Link) => {
    const result = await links.connect(link, dueOf(link));
    if (result.result !== 'connected') throw new Error(`refused: ${result.by}`);
    return result.link;
  };
  const page = { limit: 100 };
  const write: IntendedWrite = {
    field: 'name~name',
    erpField: 'name',
    crmField: 'name',
    side: 'crm',
    rule: 'changed-in-erp',
    replaces: null,
    sends: 'ACME',
    source: 'ACME',
    conflict: false,
  };
  const intent = {
    ...{ token: 't', runId: 'r1', chunkId: 'k1', expiresAtMs: 1, writes: [write] },
    ...{ versions: { crm: '1', erp: '2' }, readAtMs: { crm: 1, erp: 2 } },
  };

  test(`a link goes with all that is its own, page by page, and a repeat finds nothing (${on})`, async () => {
    const on = stores();
    const { links, changeLog, purges } = on;
    const tenantId = newId();
    for (let n = 0; n < 5; n += 1) {
      const numbered = { crm: { key: `crm ${n}` }, erp: { key: `erp ${n}` } };
      const link = await connected(on, aLink({ tenantId, ends: ends(numbered) }));
      const failure = aFailure(link, { id: link.id });
      const text = 'x'.repeat(2_000);
      const after = {
        ...link,
        openFailures: [failure.id],
        fieldStates: { 'name~name': { agreed: { crm: text, erp: text } } },
      };
      const stored = await links.record({ before: link, after, changes: [aChange(link)], failure });
      if (stored === 'superseded') throw new Error('nobody else writes it');
      await links.takeIntent(stored, intent);
      await changeLog.putPlanned([aChange(link, { runId: 'dry' })]);
    }
    const disconnected = await connected(on, aLink({ tenantId, ends: ends({ crm: { key: 'x' }, erp: { key: 'x' } }) }));
    await links.disconnect(disconnected, dueOf(disconnected));
    let cursor: string | undefined;
    let removed = 0;
    expect(await purges.isEmpty(tenantId, 'c1')).toBe(false);
    do {
      const done = await purges.links(tenantId, 'c1', { limit: 2, ...(cursor !== undefined && { cursor }) });
      removed += done.removed;
      cursor = done.cursor;
    } while (cursor !== undefined);
    expect(removed).toBe(6);
    expect(new Set(await types(on))).toEqual(new Set(['summary']));
    expect(await purges.links(tenantId, 'c1', page)).toEqual({ removed: 0, cursor: undefined });
    expect(await purges.isEmpty(tenantId, 'c1')).toBe(true);
  });

  test(`a purged link leaves its place in the CRM record's list to others (${on})`, async () => {
    const on = stores();
    const tenantId = newId();
    const of = (connectionId: string) =>
      aLink({ tenantId, connectionId, ends: ends({ erp: { key: `of ${connectionId}` } }) });
    for (let at = 0; at < 20; at += 1) await connected(on, of(`c${at}`));
    await on.purges.links(tenantId, 'c3', page);
    const late = await connected(on, of('late'));
    const { crm } = late.ends;
    const listed = (await on.links.crmRecords(tenantId, crm.table, [crm.key])).get(crm.key)?.links ?? [];
    expect(listed.map(({ connectionId }) => connectionId)).not.toContain('c3');
    expect(listed).toHaveLength(20);
    for (const { connectionId } of listed) await on.purges.links(tenantId, connectionId, page);
    expect(await on.links.crmRecords(tenantId, crm.table, [crm.key])).toEqual(new Map());
    const alone = await connected(on, of('c3'));
    expect(alone.shared).toBeUndefined();
  });

  test(`a run goes with its chunks (${on})`, async () => {
    const on = stores();
    const run = aRun({ chains: {}, open: 1 });
    await on.runs.create(run, [aChunk(run, 'k1', ['l1']), aChunk(run, 'k2', ['l2'])]);
    expect(await types(on)).toEqual(['chunk', 'chunk', 'run']);
    expect(await on.purges.runs(run.tenantId, 'c1', page)).toMatchObject({ removed: 1 });
    expect(await types(on)).toEqual([]);
  });

  test(`a connection goes with its name and its connector's count, once, and only if it is marked and as it was read (${on})`, async () => {
    const on = stores();
    const connector = aConnector(newId());
    await on.connectors.create(connector);
    const connection = aConnection(connector);
    const { tenantId, id } = connection;
    await on.connections.create(connection, [anActorType(connection)]);
    await on.connections.noteSynced(tenantId, id, at);
    await on.failures.open({ ...aFailure(aLink({ tenantId, connectionId: id })), linkId: undefined });
    expect(await on.purges.connection(connection, [])).toBe(false);
    const marked = await on.connections.replace(
      { ...connection, state: 'deleted', deletedAt: at, purging: true },
      undefined,
      { gives: connection.name },
    );
    if (!marked) throw new Error('nobody else writes it');
    await on.purges.rest(tenantId, id);
    expect(await types(on)).toEqual(['connection', 'connection-entry', 'connector', 'name-claim']);
    expect(await on.purges.connection({ ...marked, revision: 1 }, [])).toBe(false);
    expect(await on.purges.connection(marked, [])).toBe(true);
    expect(await on.purges.connection(marked, [])).toBe(false);
    expect(await on.connectors.get(tenantId, connector.id)).toMatchObject({ connections: 0 });
    expect(await types(on)).toEqual(['connector', 'name-claim']);
  });
}
