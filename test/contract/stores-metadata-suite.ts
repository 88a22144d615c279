import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { purgesStore } from '../../functions/adapters/aws/dynamodb/purge/purges.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import type { WholeActorType } from '../../functions/core/model/connection-setup.ts';
import type { FieldMetadata } from '../../functions/core/model/field.ts';
import type { Table } from '../../functions/ports/table.ts';
import { recordingTable } from './recording-table.ts';
import { aConnection, aConnector, anActorType, newId } from './stores-fixtures.ts';

const types = ['customer', 'supplier', 'partner', 'person', 'project'] as const;

function field(key: string, over: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 40, access: 'normal', searchable: false, ...over };
}

/** Fields of a large system: each with a label and a description, of which no two are alike. */
function manyFields(count: number, words = 'What people write here is shown on every invoice'): FieldMetadata[] {
  return Array.from({ length: count }, (_, at) =>
    field(`FIELD_${at}`, { label: `Field ${at} of the customer`, description: `${words}, number ${at}.`.repeat(3) }),
  );
}

const row = {
  erpField: 'FIELD_7',
  crmField: 'name',
  direction: 'both',
  showInSearch: false,
  showInErpTab: false,
} as const;

/** All fields of actor types, beside what the engine reads. */
export function metadataSuite(on: string, tableOf: () => Table): void {
  const connected = async (over: Partial<WholeActorType>, named: readonly (typeof types)[number][] = ['customer']) => {
    const table = recordingTable(tableOf());
    const connector = aConnector(newId());
    await connectorsStore({ table }).create(connector);
    const connection = aConnection(connector);
    const store = connectionsStore({ table });
    const actorTypes = named.map((actorType) => anActorType(connection, { ...over, actorType }));
    expect(await store.create(connection, actorTypes)).toBe(true);
    const whole = async () => (await store.getWholeSetup(connection.tenantId, connection.id))?.actorTypes ?? [];
    const compact = async () => (await store.getSetup(connection.tenantId, connection.id))?.actorTypes ?? [];
    return { table, store, connection, whole, compact };
  };
  const crmFields = [field('name', { description: 'Of the company.' }), field('phone')];

  test(`a connection of five types with 1,500 described fields each is stored, read whole, and read by the engine without them (${on})`, async () => {
    const erpFields = manyFields(1_500);
    const fieldOrder = erpFields.map(({ key }) => key).toReversed();
    const { table, store, connection, whole, compact } = await connected(
      { erpFields, crmFields, fieldOrder, fields: [row] },
      types,
    );
    const read = await whole();
    expect(read).toHaveLength(5);
    for (const type of read) expect(type).toMatchObject({ erpFields, crmFields, fieldOrder, fields: [row] });
    // Beside those of the tenant's other connections.
    const [setup] = await store.wholeSetups(connection.tenantId);
    expect(setup).toEqual(await store.getWholeSetup(connection.tenantId, connection.id));
    for (const type of await compact()) {
      expect(type.erpFields).toEqual([field('FIELD_7', { label: 'Field 7 of the customer' })]);
      expect(type.crmFields).toEqual([field('name')]);
      expect(type.fieldOrder).toBeUndefined();
    }
    const own = (await table.standing()).filter(({ pk }) => pk.endsWith(connection.id));
    const bytes = (type: string) => own.filter((item) => item.type === type).map((item) => JSON.stringify(item).length);
    expect(Math.max(...bytes('field-metadata'))).toBeLessThanOrEqual(50_000);
    expect(Math.max(...bytes('actor-type'))).toBeLessThanOrEqual(2_000);
  });

  test(`what the engine reads of a type changes with its mapping and with its fields, in one transaction with them (${on})`, async () => {
    const { store, whole, compact } = await connected({ erpFields: manyFields(20), crmFields, fields: [row] });
    const [type] = await whole();
    if (!type) throw new Error('it is there');
    const filter = [{ field: 'FIELD_1', operator: '=' as const, values: ['x'] }];
    const mapped = await store.replaceActorType({ ...type, fields: [{ ...row, erpField: 'FIELD_3' }], filter });
    expect((await compact())[0]?.erpFields.map(({ key }) => key)).toEqual(['FIELD_1', 'FIELD_3']);
    if (!mapped) throw new Error('nobody else writes');
    const shorter = mapped.erpFields.map((one) => ({ ...one, maxLength: 5 }));
    const [stored] = (await store.putActorTypes([{ ...mapped, erpFields: shorter }])) ?? [];
    expect((await compact())[0]?.erpFields.map(({ maxLength }) => maxLength)).toEqual([5, 5]);
    expect(await whole()).toEqual([stored]);
    // Who read it earlier changes neither.
    expect(await store.putActorTypes([{ ...mapped, erpFields: [] }])).toBeUndefined();
    expect(await whole()).toEqual([stored]);
    expect((await compact())[0]?.erpFields).toHaveLength(2);
  });

  test(`what is noted of a type leaves its mapping and fields as they are, and is refused to who read it earlier (${on})`, async () => {
    const { store, whole, compact } = await connected({ erpFields: manyFields(20), crmFields, fields: [row] });
    const [read] = await compact();
    const [all] = await whole();
    if (!read || !all) throw new Error('it is there');
    const suspended = { reason: 'forbidden', at: '2026-11-23T08:00:00.000Z', metBy: 'list' } as const;
    const noted = await store.noteActorType({ ...read, fields: [], erpFields: [] }, { suspended });
    expect(noted).toMatchObject({ suspended, revision: 2 });
    expect(await store.noteActorType(read, { suspended: undefined })).toBeUndefined();
    expect(await whole()).toEqual([{ ...all, suspended, revision: 2 }]);
    await store.noteActorType({ ...read, revision: 2 }, { suspended: undefined });
    expect(await whole()).toEqual([{ ...all, revision: 3 }]);
  });

  test(`fewer fields leave no part behind, and a part of another write is never taken for one of this (${on})`, async () => {
    const words = randomBytes(300).toString('hex');
    const apart = Array.from({ length: 200 }, (_, at) =>
      field(`F${at}`, { description: randomBytes(400).toString('hex') }),
    );
    const { table, store, connection, whole } = await connected({ erpFields: apart, crmFields });
    const parts = async () =>
      (await table.standing()).filter((item) => item.type === 'field-metadata' && item.pk.endsWith(connection.id));
    expect((await parts()).length).toBeGreaterThan(1);
    const [type] = await whole();
    if (!type) throw new Error('it is there');
    await store.putActorTypes([{ ...type, erpFields: [field('ONE', { description: words })] }]);
    expect(await parts()).toHaveLength(1);
    const [part] = await parts();
    if (!part) throw new Error('there is one');
    await table.write({ put: { ...part, of: 'another write' } });
    await expect(whole()).rejects.toMatchObject({ kind: 'transient' });
  });

  test(`one type is read whole by its key alone, however many parts its fields have, and never with those of another write (${on})`, async () => {
    const apart = Array.from({ length: 200 }, (_, at) =>
      field(`F${at}`, { description: randomBytes(400).toString('hex') }),
    );
    const { table, store, connection, whole } = await connected({ erpFields: apart, crmFields }, [
      'customer',
      'person',
    ]);
    const { tenantId, id: connectionId } = connection;
    const read = (actorType: (typeof types)[number]) => store.getWholeType({ tenantId, connectionId, actorType });
    const [customer, person] = await whole();
    expect(customer?.readFrom.parts).toBeGreaterThan(1);
    expect(await read('customer')).toEqual({ connection: await store.get(tenantId, connectionId), type: customer });
    expect((await read('person'))?.type).toEqual(person);
    expect(await read('project')).toEqual({ connection: await store.get(tenantId, connectionId), type: undefined });
    const other = { tenantId, connectionId: newId(), actorType: 'customer' } as const;
    expect(await store.getWholeType(other)).toBeUndefined();
    const parts = (await table.standing()).filter(
      (item) => item.type === 'field-metadata' && item.pk.endsWith(connectionId) && item.actorType === 'customer',
    );
    const [last] = parts.slice(-1);
    if (!last) throw new Error('there are several');
    await table.write({ put: { ...last, of: 'another write' } });
    await expect(read('customer')).rejects.toMatchObject({ kind: 'transient' });
    expect((await read('person'))?.type).toEqual(person);
  });

  test(`fields that an earlier version stored in the type's own item are read, and are stored apart by the next change (${on})`, async () => {
    const { table, store, connection, whole, compact } = await connected({ crmFields, fields: [row] });
    const erpFields = manyFields(20);
    const item = (await table.standing()).find((one) => one.type === 'actor-type' && one.pk.endsWith(connection.id));
    if (!item) throw new Error('it is there');
    const { metadata: _apart, ...former } = item;
    await table.write({ put: { ...former, erpFields, crmFields, fieldOrder: ['FIELD_1'] } });
    const [type] = await whole();
    expect(type).toMatchObject({ erpFields, crmFields, fieldOrder: ['FIELD_1'] });
    const { tenantId, id: connectionId } = connection;
    expect((await store.getWholeType({ tenantId, connectionId, actorType: 'customer' }))?.type).toEqual(type);
    expect((await compact())[0]?.erpFields).toContainEqual(erpFields[7]);
    if (type) await store.replaceActorType({ ...type, active: true });
    expect((await whole())[0]).toMatchObject({ erpFields, crmFields, fieldOrder: ['FIELD_1'], active: true });
    expect((await compact())[0]?.erpFields.map(({ key }) => key)).toEqual(['FIELD_7']);
  });

  test(`more fields than one transaction takes are refused in words, and nothing of them is stored (${on})`, async () => {
    const { store, whole } = await connected({ crmFields }, types);
    const before = await whole();
    const noise = Array.from({ length: 2_000 }, (_, at) =>
      field(`F${at}`, { description: randomBytes(400).toString('hex') }),
    );
    const larger = before.map((type) => ({ ...type, erpFields: noise }));
    await expect(store.putActorTypes(larger)).rejects.toMatchObject({ kind: 'too-large' });
    expect(await whole()).toEqual(before);
  });

  test(`the fields of a connection go with it when it is purged, and no other's (${on})`, async () => {
    const one = await connected({ erpFields: manyFields(20), crmFields });
    const other = await connected({ erpFields: manyFields(20), crmFields });
    const partsOf = async ({ table, connection }: typeof one) =>
      (await table.standing()).filter((item) => item.type === 'field-metadata' && item.pk.endsWith(connection.id));
    expect(await partsOf(one)).toHaveLength(1);
    await purgesStore({ table: one.table }).rest(one.connection.tenantId, one.connection.id);
    expect(await partsOf(one)).toEqual([]);
    expect(await partsOf(other)).toHaveLength(1);
  });
}
