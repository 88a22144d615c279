import { expect, test } from 'vitest';
import { dueItemsStore } from '../../functions/adapters/aws/dynamodb/links/due-items.ts';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import type { Link } from '../../functions/core/model/link.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aLink, dueOf, ends, newId } from './stores-fixtures.ts';

/** The Links port: connecting, finding, listing. What a record does is in stores-record-suite.ts. */
export function linksSuite(on: string, tableOf: () => Table): void {
  const stores = () => {
    const table = tableOf();
    const links = linksStore({ table, retentionDays: async () => 90 });
    return { links, due: dueItemsStore({ table }), connections: connectionsStore({ table }) };
  };
  const contactsOf = ({ tenantId, connectionId, ends }: Link) =>
    ({ tenantId, connectionId, side: 'crm', table: ends.crm.table }) as const;
  const partiesOf = ({ tenantId, connectionId, ends }: Link) =>
    ({ tenantId, connectionId, side: 'erp', table: ends.erp.table }) as const;
  const counts = async (link: Link) =>
    (await stores().connections.summary(link.tenantId, link.connectionId))[link.ends.erp.type]?.links;

  test(`connecting stores the link, both claims, the due item and the summary at once (${on})`, async () => {
    const { links, due } = stores();
    const link = aLink();
    const first = dueOf(link);
    expect(await links.connect(link, first)).toEqual({ result: 'connected', link });
    expect(await links.get(link.tenantId, link.id)).toEqual(link);
    const { tenantId, connectionId } = link;
    expect(await links.findByKeys(contactsOf(link), ['crm 1', 'x'])).toEqual(new Map([['crm 1', link.id]]));
    expect(await links.findByKeys(partiesOf(link), ['erp#1'])).toEqual(new Map([['erp#1', link.id]]));
    expect(await due.getMany(tenantId, connectionId, [link.id])).toEqual([first]);
    expect(await links.ofCrmRecord(tenantId, 'contact', 'crm 1')).toEqual([link]);
    const refs = await links.refsOfCrmRecord(tenantId, 'contact', 'crm 1');
    expect(refs).toEqual([{ linkId: link.id, connectionId }]);
    expect(await counts(link)).toEqual({ pending: 1, active: 0, paused: 0, broken: 0, disconnected: 0 });
  });

  test(`connecting again with the same link is the same link (${on})`, async () => {
    const { links } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    expect(await links.connect(link, dueOf(link))).toEqual({ result: 'connected', link });
    expect((await counts(link))?.pending).toBe(1);
  });

  test(`of concurrent connects on one CRM record exactly one wins, and the others name it (${on})`, async () => {
    const { links } = stores();
    const tenantId = newId();
    const rivals = Array.from({ length: 6 }, (_, n) => aLink({ tenantId, ends: ends({ erp: { key: `erp${n}` } }) }));
    const results = await Promise.all(rivals.map((link) => links.connect(link, dueOf(link))));
    const winners = results.flatMap((one) => (one.result === 'connected' ? [one.link.id] : []));
    expect(winners).toHaveLength(1);
    const taken = results.filter((one) => one.result === 'taken');
    expect(taken).toEqual(taken.map(() => ({ result: 'taken', by: 'crm-record', takenBy: winners[0] })));
    expect(await counts(aLink({ tenantId }))).toMatchObject({ pending: 1 });
  });

  test(`of concurrent connects on one ERP actor exactly one wins (${on})`, async () => {
    const { links } = stores();
    const tenantId = newId();
    const rivals = Array.from({ length: 6 }, (_, n) => aLink({ tenantId, ends: ends({ crm: { key: `crm${n}` } }) }));
    const results = await Promise.all(rivals.map((link) => links.connect(link, dueOf(link))));
    expect(results.filter((one) => one.result === 'connected')).toHaveLength(1);
    expect(results.filter((one) => one.result === 'taken' && one.by === 'erp-actor')).toHaveLength(5);
  });

  test(`actor types of one record table share the claim; equal keys of other tables do not clash (${on})`, async () => {
    const { links } = stores();
    const tenantId = newId();
    const customer = aLink({ tenantId });
    const supplier = aLink({ tenantId, ends: ends({ erp: { type: 'supplier' }, crm: { key: 'crm2' } }) });
    const project = aLink({
      tenantId,
      ends: ends({ erp: { type: 'project', table: 'project.work' }, crm: { table: 'project' } }),
    });
    expect(await links.connect(customer, dueOf(customer))).toMatchObject({ result: 'connected' });
    expect(await links.connect(supplier, dueOf(supplier))).toEqual({
      result: 'taken',
      by: 'erp-actor',
      takenBy: customer.id,
    });
    expect(await links.connect(project, dueOf(project))).toMatchObject({ result: 'connected' });
  });

  test(`of each record of a table the link is found as it stands with just that record (${on})`, async () => {
    const { links } = stores();
    const seen = { crm: { version: 'v1', values: 'p1', changedAtMs: 7 }, erp: { version: 'v2', values: 'p2' } };
    const link = aLink({ state: 'active', seen });
    const { tenantId, id } = link;
    const unseen = aLink({ tenantId, ends: ends({ crm: { key: 'crm 2' }, erp: { key: 'erp2', type: 'supplier' } }) });
    for (const one of [link, unseen]) await links.connect(one, dueOf(one));
    const found = { id, state: 'active', actorType: 'customer', hasIntent: false };
    expect(await links.ofRecords(contactsOf(link), ['crm 1', 'x', 'crm 1'])).toEqual([
      { ...found, key: 'crm 1', seen: seen.crm },
    ]);
    expect(await links.ofRecords(partiesOf(link), ['erp#1'])).toEqual([{ ...found, key: 'erp#1', seen: seen.erp }]);
    expect(await links.ofRecords(partiesOf(link), ['erp2'])).toEqual([
      { id: unseen.id, state: 'pending', actorType: 'supplier', key: 'erp2', seen: undefined, hasIntent: false },
    ]);
    const versions = { versions: { crm: '1', erp: '2' }, readAtMs: { crm: 1, erp: 2 } };
    await links.takeIntent(link, { token: 't', runId: 'r', chunkId: 'k', expiresAtMs: 1, ...versions, writes: [] });
    expect(await links.ofRecords(contactsOf(link), ['crm 1'])).toMatchObject([{ id, hasIntent: true }]);
    expect(await links.ofRecords({ ...contactsOf(link), connectionId: 'c2' }, ['crm 1'])).toEqual([]);
  });

  test(`disconnecting gives the claims back, keeps the link and takes its due item (${on})`, async () => {
    const { links, due } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    expect(await links.disconnect(link, dueOf(link))).toBe('disconnected');
    expect(await links.disconnect({ ...link, state: 'active' }, dueOf(link))).toBe('superseded');
    expect(await links.get(link.tenantId, link.id)).toMatchObject({ state: 'disconnected', revision: 2 });
    expect(await links.findByKeys(contactsOf(link), ['crm 1'])).toEqual(new Map());
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([]);
    expect(await counts(link)).toEqual({ pending: 0, active: 0, paused: 0, broken: 0, disconnected: 1 });
    const next = aLink({ tenantId: link.tenantId });
    expect(await links.connect(next, dueOf(next))).toMatchObject({ result: 'connected' });
    expect((await links.ofCrmRecord(link.tenantId, 'contact', 'crm 1')).map((one) => one.id).sort()).toEqual(
      [link.id, next.id].sort(),
    );
    const refs = await links.refsOfCrmRecord(link.tenantId, 'contact', 'crm 1');
    expect(refs.map(({ linkId }) => linkId)).toEqual([link.id, next.id].sort().reverse());
  });

  test(`restoring takes the claims again, or names who has them now (${on})`, async () => {
    const { links, due } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    await links.disconnect(link, dueOf(link));
    const gone = { ...link, state: 'disconnected' as const, revision: 2 };
    const rival = aLink({ tenantId: link.tenantId, ends: ends({ crm: { key: 'other' } }) });
    await links.connect(rival, dueOf(rival));
    expect(await links.restore(gone, dueOf(gone))).toEqual({ result: 'taken', by: 'erp-actor', takenBy: rival.id });
    await links.disconnect(rival, dueOf(rival));
    const again = dueOf(gone);
    expect(await links.restore(gone, again)).toMatchObject({
      result: 'connected',
      link: { state: 'pending', revision: 3 },
    });
    expect(await links.restore(gone, dueOf(gone))).toMatchObject({ result: 'superseded' });
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([again]);
    expect(await counts(link)).toEqual({ pending: 1, active: 0, paused: 0, broken: 0, disconnected: 1 });
  });

  test(`a broken link keeps its claims and is restored on them (${on})`, async () => {
    const { links } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    const broken = await links.record({
      before: link,
      after: { ...link, state: 'broken', stateReason: 'crm-record-gone' },
    });
    if (broken === 'superseded') throw new Error('nobody else wrote');
    const rival = aLink({ tenantId: link.tenantId });
    expect(await links.connect(rival, dueOf(rival))).toMatchObject({ result: 'taken', by: 'crm-record' });
    const restored = await links.restore(broken, dueOf(broken));
    expect(restored).toMatchObject({ result: 'connected' });
    expect(await links.get(link.tenantId, link.id)).toEqual({ ...link, revision: 3 });
  });

  test(`a broken link that was disconnected since it was read is superseded for who restores it (${on})`, async () => {
    const { links } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    const broken = await links.record({
      before: link,
      after: { ...link, state: 'broken', stateReason: 'crm-record-gone' },
    });
    if (broken === 'superseded') throw new Error('nobody else wrote');
    await links.disconnect(broken, dueOf(broken));
    expect(await links.restore(broken, dueOf(broken))).toEqual({ result: 'superseded' });
  });

  test(`moving gives one claim back, takes another and forgets what was agreed, or names who has it (${on})`, async () => {
    const { links, due } = stores();
    for (const side of ['crm', 'erp'] as const) {
      const link = aLink({ fieldStates: { 'a~b': { agreed: { crm: 'x', erp: 'x' } } }, seen: {} });
      await links.connect(link, dueOf(link));
      const merged = { crm: 'crm-record-merged', erp: 'erp-actor-merged' } as const;
      const broken = await links.record({
        before: link,
        after: { ...link, state: 'broken', stateReason: merged[side], mergedInto: 'new', openFailures: [link.id] },
      });
      if (broken === 'superseded') throw new Error('nobody else wrote');
      const rival = aLink({ tenantId: link.tenantId, ends: ends({ crm: { key: 'c' }, erp: { key: 'e' } }) });
      await links.connect(rival, dueOf(rival));
      const choices = { 'a~b': { side: 'crm', fingerprint: 'f' } } as const;
      const taken = await links.move(broken, { side, key: side === 'crm' ? 'c' : 'e', choices }, dueOf(link));
      expect(taken).toEqual({ result: 'taken', by: side === 'crm' ? 'crm-record' : 'erp-actor', takenBy: rival.id });
      const next = dueOf(link);
      const moved = await links.move(broken, { side, key: 'new', choices }, next);
      const { tenantId, connectionId } = link;
      const there = { ...link, ends: ends({ [side]: { key: 'new' } }), fieldStates: {}, choices, revision: 3 };
      expect(moved).toEqual({ result: 'connected', link: there });
      expect(await links.get(tenantId, link.id)).toEqual(there);
      expect(await due.getMany(tenantId, connectionId, [link.id])).toEqual([next]);
      expect(await links.move(broken, { side, key: 'another', choices }, dueOf(link))).toEqual({
        result: 'superseded',
      });
      const of = side === 'crm' ? contactsOf(link) : partiesOf(link);
      const { key } = link.ends[side];
      expect(await links.findByKeys(of, [key, 'new', 'another'])).toEqual(new Map([['new', link.id]]));
      expect((await links.ofCrmRecord(tenantId, 'contact', there.ends.crm.key)).map(({ id }) => id)).toEqual([link.id]);
      const successor = aLink({ tenantId, ends: ends({ [side === 'crm' ? 'erp' : 'crm']: { key: 'free' } }) });
      expect(await links.connect(successor, dueOf(successor))).toMatchObject({ result: 'connected' });
      expect(await counts(link)).toMatchObject({ pending: 3, broken: 0 });
    }
  });

  test(`a link that works is not moved (${on})`, async () => {
    const { links } = stores();
    const link = aLink({ state: 'active' });
    await links.connect(link, dueOf(link));
    const move = links.move(link, { side: 'crm', key: 'new', choices: {} }, dueOf(link));
    await expect(move).rejects.toMatchObject({ kind: 'conflict' });
  });

  test(`a link disconnected while its intent stands is due, so that a look settles it (${on})`, async () => {
    const { links, due } = stores();
    const link = aLink({ state: 'active' });
    await links.connect(link, dueOf(link));
    const intent = {
      token: 't',
      runId: 'r',
      chunkId: 'c',
      expiresAtMs: 1,
      versions: { crm: '1', erp: '1' },
      readAtMs: { crm: 1, erp: 1 },
      writes: [],
    };
    const taken = await links.takeIntent(link, intent);
    if (taken === 'superseded') throw new Error('nobody else wrote');
    const settles = dueOf(link);
    expect(await links.disconnect(taken, settles)).toBe('disconnected');
    expect((await links.get(link.tenantId, link.id))?.intent).toEqual(intent);
    expect(await due.getMany(link.tenantId, link.connectionId, [link.id])).toEqual([settles]);
  });

  test(`links of a connection are listed by state and type through every shard, each once (${on})`, async () => {
    const { links } = stores();
    const tenantId = newId();
    const made = Array.from({ length: 23 }, (_, n) =>
      aLink({
        tenantId,
        ends: ends({ crm: { key: `${n}` }, erp: { key: `${n}`, type: n % 2 === 0 ? 'supplier' : 'customer' } }),
      }),
    );
    for (const link of made) await links.connect(link, dueOf(link));
    for (const link of made.slice(0, 5)) await links.disconnect(link, dueOf(link));
    const walk = async (filter: Parameters<typeof links.list>[1], limit = 4) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await links.list(tenantId, filter, { limit, ...(cursor !== undefined && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        ids.push(...page.items.map((link) => link.id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return ids.sort();
    };
    const idsOf = (some: readonly Link[]) => some.map((link) => link.id).sort();
    expect(await walk({ connectionId: 'c1' })).toEqual(idsOf(made));
    expect(await walk({ connectionId: 'c1', state: 'pending' })).toEqual(idsOf(made.slice(5)));
    expect(await walk({ connectionId: 'c1', actorType: 'supplier' })).toEqual(
      idsOf(made.filter((link) => link.ends.erp.type === 'supplier')),
    );
    expect(await walk({ connectionId: 'c2' })).toEqual([]);
    for (const limit of [1, 4, 7, 23, 50]) {
      const atOnce = { connectionId: 'c1', atOnce: true };
      expect(await walk(atOnce, limit)).toEqual(idsOf(made));
      expect(await walk({ ...atOnce, state: 'pending' }, limit)).toEqual(idsOf(made.slice(5)));
      expect(await walk({ ...atOnce, actorType: 'supplier' }, limit)).toEqual(
        idsOf(made.filter((link) => link.ends.erp.type === 'supplier')),
      );
      expect((await links.list(tenantId, atOnce, { limit })).items).toHaveLength(Math.min(limit, 23));
    }
    for (const atOnce of [false, true]) {
      const page = { limit: 4, cursor: 'x' };
      await expect(links.list(tenantId, { connectionId: 'c1', atOnce }, page)).rejects.toMatchObject({
        kind: 'invalid',
      });
    }
  });

  test(`more than 100 keys and links are read in batches (${on})`, async () => {
    const { links } = stores();
    const tenantId = newId();
    const link = aLink({ tenantId, ends: ends({ crm: { key: '77' } }) });
    await links.connect(link, dueOf(link));
    const keys = Array.from({ length: 150 }, (_, n) => `${n}`);
    expect(await links.findByKeys(contactsOf(link), keys)).toEqual(new Map([['77', link.id]]));
    expect(await links.getMany(tenantId, [...keys, link.id])).toEqual([link]);
  });

  test(`a link of more than 380 KB is refused before it is stored (${on})`, async () => {
    const { links } = stores();
    const value = 'x'.repeat(500);
    const fields = Array.from({ length: 800 }, (_, n) => [`f${n}~f${n}`, { agreed: { crm: value, erp: value } }]);
    const link = aLink({ fieldStates: Object.fromEntries(fields) });
    await expect(links.connect(link, dueOf(link))).rejects.toMatchObject({ kind: 'too-large' });
  });
}
