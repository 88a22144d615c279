import { expect, test } from 'vitest';
import { changeLogStore } from '../../functions/adapters/aws/dynamodb/links/change-log.ts';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import type { FieldState, IntendedWrite, Intent, Link } from '../../functions/core/model/link.ts';
import type { Item, Table } from '../../functions/ports/table.ts';
import { aChange, aLink, at, dueOf, newId } from './stores-fixtures.ts';

/** A value as long as a text field of a vendor, in characters of four bytes, unlike every other. */
function wide(name: string): string {
  return [...(name.padEnd(8, '-') + '😀'.repeat(255))].slice(0, 255).join('');
}

const manyFields = Array.from({ length: 80 }, (_, at) => `F${at}~f${at}`);

function wideStates(round: string): Record<string, FieldState> {
  return Object.fromEntries(
    manyFields.map((field) => [field, { agreed: { crm: wide(`${round}c${field}`), erp: wide(`${round}e${field}`) } }]),
  );
}

/** Every field was changed on both sides: five values a field. */
function wideIntent(fieldStates: Readonly<Record<string, FieldState>>): Intent {
  const writes = manyFields.map((field): IntendedWrite => {
    const [erpField = '', crmField = ''] = field.split('~');
    const values = { replaces: wide(`r${field}`), sends: wide(`s${field}`), source: wide(`o${field}`) };
    const base = fieldStates[field]?.agreed;
    return { field, erpField, crmField, side: 'crm', ...values, base, rule: 'conflict', conflict: true };
  });
  const read = { versions: { crm: '1', erp: '2' }, readAtMs: { crm: 1, erp: 2 } };
  return { token: 't1', runId: 'r1', chunkId: 'k1', expiresAtMs: 1, ...read, writes };
}

function wideChanges(link: Link) {
  return manyFields.map((field, n) => {
    const [erpField = '', crmField = ''] = field.split('~');
    const [crm, erp] = [wide(`c${field}`), wide(`e${field}`)];
    const base = { crm: wide(`bc${field}`), erp: wide(`be${field}`) };
    const conflict = { winner: 'erp', policy: 'erp-wins', base, crm, erp } as const;
    return aChange(link, { id: `${100 + n}`, erpField, crmField, oldValue: crm, newValue: erp, conflict });
  });
}

/** What a link with many large values, its intent and its log need, against the limits of DynamoDB. */
export function sizesSuite(on: string, tableOf: () => Table): void {
  const retentionDays = async () => 90;
  const stores = () => {
    const table = tableOf();
    return { table, links: linksStore({ table, retentionDays }), log: changeLogStore({ table, retentionDays }) };
  };
  const besideLink = async (table: Table, { tenantId, id }: Link): Promise<Item[]> => {
    const items: Item[] = [];
    let start: string | undefined;
    do {
      const page = await table.query({ pk: `${tenantId}#link#${id}`, start });
      items.push(...page.items);
      start = page.next;
    } while (start !== undefined);
    return items;
  };
  const stored = (link: Link | 'superseded'): Link => {
    if (link === 'superseded') throw new Error('nobody else wrote');
    return link;
  };

  test(`a link with 80 fields of 255 wide characters fits at every step (${on})`, async () => {
    const { links, log, table } = stores();
    const fieldStates = wideStates('1');
    const link = aLink({ fieldStates });
    await links.connect(link, dueOf(link));
    expect(await links.get(link.tenantId, link.id)).toEqual(link);
    const intent = wideIntent(fieldStates);
    const taken = stored(await links.takeIntent(link, intent));
    expect(await links.getMany(link.tenantId, [link.id])).toEqual([{ ...link, intent, revision: 2 }]);
    const changes = wideChanges(link);
    const after = { ...taken, intent: undefined, fieldStates: wideStates('2') };
    const recorded = stored(await links.record({ before: taken, after, changes }));
    expect(await links.get(link.tenantId, link.id)).toEqual({ ...link, fieldStates: after.fieldStates, revision: 3 });
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await log.list(link.tenantId, { linkId: link.id }, { limit: 7, ...(cursor && { cursor }) });
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(listed).toEqual(changes.map(({ id }) => id).reverse());
    expect((await besideLink(table, link)).filter(({ sk }) => sk.startsWith('intent'))).toEqual([]);
    const small = { ...recorded, fieldStates: {} };
    await links.record({ before: recorded, after: small });
    expect((await besideLink(table, link)).filter(({ sk }) => sk.startsWith('values'))).toEqual([]);
  });

  test(`an intent stands beside its link, which has its mark only, and goes in the transaction that ends it (${on})`, async () => {
    const { links, table } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    const taken = stored(await links.takeIntent(link, wideIntent({})));
    const [item] = (await besideLink(table, link)).filter(({ sk }) => sk === 'link');
    expect(item).toMatchObject({ mark: { token: 't1', expiresAtMs: 1 } });
    expect(JSON.stringify(item)).not.toContain('😀');
    stored(await links.record({ before: taken, after: { ...taken, intent: undefined } }));
    expect((await besideLink(table, link)).map(({ sk }) => sk)).toEqual(['link']);
  });

  test(`a link whose intent is not the one that its mark names is never taken for one without (${on})`, async () => {
    const { links, table } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    const taken = stored(await links.takeIntent(link, wideIntent({})));
    const pk = `${link.tenantId}#link#${link.id}`;
    await table.write({ delete: { pk, sk: 'intent#0' } });
    await expect(links.get(link.tenantId, link.id)).rejects.toMatchObject({ kind: 'transient' });
    const ended = linksStore({ retentionDays, table: { ...table, getMany: endsFirst(links, table, taken) } });
    expect((await ended.get(link.tenantId, link.id))?.intent).toBeUndefined();
  });

  test(`values of more than 512 bytes stand beside the link, once where both forms are equal (${on})`, async () => {
    const { links, table } = stores();
    const [long, short] = ['é'.repeat(257), 'é'.repeat(256)];
    const link = aLink({
      fieldStates: {
        'a~a': { agreed: { crm: long, erp: long } },
        'b~b': { agreed: { crm: short, erp: null } },
        'c~c': { agreed: { crm: null, erp: long } },
        'd~d': { held: 'choice-void' },
      },
    });
    await links.connect(link, dueOf(link));
    expect(await links.getMany(link.tenantId, [link.id])).toEqual([link]);
    const items = await besideLink(table, link);
    expect(items.map(({ sk }) => sk)).toEqual(['link', 'values#0']);
    const [own, beside] = items.map((item) => JSON.stringify(item));
    expect(own).not.toContain(long);
    expect(own).toContain(short);
    expect(beside?.split(long)).toHaveLength(2);
  });

  test(`the head of a link is read alone, with the mark of its intent (${on})`, async () => {
    const { links, table } = stores();
    const link = aLink({ fieldStates: { ...wideStates('1'), 'd~d': { held: 'choice-void' } } });
    await links.connect(link, dueOf(link));
    stored(await links.takeIntent(link, wideIntent({})));
    const read: string[] = [];
    const alone = linksStore({
      retentionDays,
      table: {
        ...table,
        getMany: (keys) => {
          read.push(...keys.map(({ sk }) => sk));
          return table.getMany(keys);
        },
      },
    });
    const head = { id: link.id, revision: 2, intent: { token: 't1', expiresAtMs: 1 } };
    const heads = await alone.getHeads(link.tenantId, [link.id]);
    expect(heads).toMatchObject([{ ...head, fieldStates: { 'd~d': { held: 'choice-void' } } }]);
    expect((await alone.list(link.tenantId, { connectionId: 'c1' }, { limit: 5 })).items).toEqual(heads);
    expect(await alone.ofCrmRecord(link.tenantId, link.ends.crm.table, link.ends.crm.key)).toEqual(heads);
    expect(read).toEqual(['link', 'link', 'link']);
  });

  test(`a page of the log ends within a look, and goes on there whatever is logged meanwhile (${on})`, async () => {
    const { links, log } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    const changes = Array.from({ length: 5 }, (_, n) =>
      aChange(link, n < 3 ? {} : { erpField: 'city', crmField: 'city' }),
    );
    const once = stored(await links.record({ before: link, after: link, changes }));
    const ids = changes.map(({ id }) => id).reverse();
    const first = await log.list(link.tenantId, { connectionId: 'c1' }, { limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const later = aChange(link, { at: new Date(Date.parse(at) + 1000).toISOString() });
    await links.record({ before: once, after: once, changes: [later] });
    const cursor = first.cursor ?? '';
    const second = await log.list(link.tenantId, { connectionId: 'c1' }, { limit: 9, cursor });
    expect(second).toEqual({ items: changes.slice(0, 3).reverse() });
    const named = await log.list(link.tenantId, { runId: 'r1', field: 'name' }, { limit: 2 });
    expect(named.items.map(({ id }) => id)).toEqual([later.id, ids[2]]);
    const other = await log.list(
      link.tenantId,
      { runId: 'r1', field: 'name' },
      { limit: 2, cursor: named.cursor ?? '' },
    );
    expect(other.items.map(({ id }) => id)).toEqual(ids.slice(3));
    const query = log.list(link.tenantId, { linkId: link.id }, { limit: 2, cursor });
    await expect(query).rejects.toMatchObject({ kind: 'invalid' });
  });

  test(`a link is read with its newest looks, whole where something stands beside it, and its log goes on behind them (${on})`, async () => {
    const { links, log } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    expect((await links.getWithLog(link.tenantId, link.id))?.log).toEqual({ items: [], cursor: undefined });
    expect(await links.getWithLog(link.tenantId, newId())).toBeUndefined();
    let last = link;
    for (let look = 0; look < 105; look += 1) {
      const made = [0, 1].map(() => aChange(link, { at: new Date(Date.parse(at) + look * 1000).toISOString() }));
      last = stored(await links.record({ before: last, after: last, changes: made }));
    }
    const large = { crm: 'x'.repeat(600), erp: 'x'.repeat(600) };
    const after = { ...last, fieldStates: { 'name~name': { agreed: large } } };
    last = stored(await links.record({ before: last, after }));
    const taken = stored(await links.takeIntent(last, wideIntent({})));
    const read = await links.getWithLog(link.tenantId, link.id);
    expect(read?.head.revision).toBe(taken.revision);
    expect(await read?.whole()).toEqual(taken);
    const rest = await log.list(link.tenantId, { linkId: link.id }, { limit: 200, cursor: read?.log.cursor });
    const all = await log.list(link.tenantId, { linkId: link.id }, { limit: 500 });
    expect(rest.items.length).toBeGreaterThan(0);
    expect([...(read?.log.items ?? []), ...rest.items]).toEqual(all.items);
  });

  test(`a page that an intent fills does not end the log of its link (${on})`, async () => {
    const { table, links, log } = stores();
    const link = aLink();
    await links.connect(link, dueOf(link));
    const recorded = stored(await links.record({ before: link, after: link, changes: [aChange(link)] }));
    await links.takeIntent(recorded, wideIntent({}));
    // As where the parts of the intent are a megabyte.
    const short: Table = {
      ...table,
      query: (asked) => table.query({ ...asked, limit: Math.min(asked.limit ?? 2, 2) }),
    };
    const read = await linksStore({ table: short, retentionDays }).getWithLog(link.tenantId, link.id);
    expect(read?.log).toEqual({ items: [], cursor: expect.any(String) });
    const rest = await log.list(link.tenantId, { linkId: link.id }, { limit: 5, cursor: read?.log.cursor });
    expect(rest.items).toHaveLength(1);
  });
}

/** A table on which the intent is recorded and gone between the read of the link and that of its parts. */
function endsFirst(links: ReturnType<typeof linksStore>, table: Table, taken: Link): Table['getMany'] {
  let ended = false;
  return async (wanted) => {
    if (!ended) await links.record({ before: taken, after: { ...taken, intent: undefined } });
    ended = true;
    return table.getMany(wanted);
  };
}
