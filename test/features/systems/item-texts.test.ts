/** Texts of list items beside stored values: in the log, conflicts and failures. */
import { expect, test } from 'vitest';
import type { MemoryRecordSystem } from '../../../functions/adapters/memory/memory-record-system.ts';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';

/** How often a system is asked for a list, from now on. */
function listsAsked(system: MemoryRecordSystem): () => number {
  let asked = 0;
  const { listItems } = system;
  system.listItems = async (...of) => {
    asked += 1;
    return listItems.apply(system, of);
  };
  return () => asked;
}

/** The country of a linked record has changed in the ERP, and is asked about where the mapping says so. */
async function changed(policy?: 'ask') {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  if (policy) {
    await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
    const fields = customerMapping.fields.map((row) => ({ ...row, conflictPolicy: { kind: policy } }));
    const saved = await saveMapping(world, connectionId, { ...customerMapping, fields });
    if (saved.status !== 200) throw new Error(JSON.stringify(saved.json));
    await world.send('POST', `/v1/connections/${connectionId}/activate`);
  }
  addRecords(world, 1);
  world.erp.edit('party', 'p1', { PHONE: '+31 30 1' });
  const { json } = await connect(world, connectionId, pair(1));
  await world.work();
  const linkId: string = json.items[0].linkId;
  world.nowMs += 60_000;
  world.erp.edit('party', 'p1', { COUNTRY: '2' });
  const sync = async (dryRun = false) => {
    const { json: run } = await world.send('POST', '/v1/sync-runs', {
      body: { kind: 'compare', connectionId, dryRun },
    });
    await world.work();
    return run.id as string;
  };
  const read = async (what: string, language?: string) => {
    const headers: Record<string, string> = language === undefined ? {} : { 'accept-language': language };
    const { status, json: answer } = await world.send('GET', `/v1/${what}`, { headers });
    expect(status).toBe(200);
    return answer;
  };
  return { world, connectionId, linkId, sync, read };
}

const countries = { oldValue: '528', oldText: 'Nederland', newValue: '56', newText: 'België' };

test('the log and planned changes say what list items are called, and of other values nothing', async () => {
  const { world, linkId, sync, read } = await changed();
  const dry = await sync(true);
  expect((await read(`sync-runs/${dry}/changes`)).items).toMatchObject([countries]);
  world.crm.edit('contact', 'c1', { phone: '+31 71' });
  await sync();
  const { items } = await read(`changes?linkId=${linkId}`);
  const of = (name: string) => items.find(({ crmField }: { crmField: string }) => crmField === name);
  expect(of('country')).toMatchObject(countries);
  expect(of('phone')).not.toHaveProperty('newText');
  const explained = await read(`links/${linkId}/fields`);
  const why = explained.fields.find(({ crmField }: { crmField: string }) => crmField === 'country').why.change;
  expect(why).toMatchObject(countries);
});

test('a conflict, its failure and its row of the log say what both items are called, in the language of who asks', async () => {
  const { world, connectionId, sync, read } = await changed('ask');
  world.erp.edit('party', 'p1', { COUNTRY: '1' });
  await sync();
  world.erp.edit('party', 'p1', { COUNTRY: '2' });
  world.crm.edit('contact', 'c1', { country: null });
  await sync();
  const [conflict] = (await read('conflicts')).items;
  expect(conflict).toMatchObject({ crm: null, erp: '2', erpText: 'Belgium' });
  expect(conflict.baseText).toEqual({ crm: 'Nederland', erp: 'Netherlands' });
  expect((await read('conflicts', 'nl')).items[0].baseText).toEqual({ crm: 'Nederland', erp: 'Nederland' });
  const [failure] = (await read(`failures?connectionId=${connectionId}`)).items;
  expect(failure.fields).toMatchObject([{ field: 'COUNTRY~country', texts: { erp: 'Belgium' } }]);
  expect((await read(`failures/${failure.id}`)).fields).toEqual(failure.fields);
  await world.send('POST', `/v1/conflicts/${conflict.id}/resolve`, { body: { keep: 'erp' } });
  await world.work();
  const logged = (await read('changes')).items[0];
  expect(logged).toMatchObject({ newText: 'België', conflict: { erpText: 'Belgium', baseText: { crm: 'Nederland' } } });
});

test('however many values a page has, a list is asked for once, and again after five minutes', async () => {
  const { world, sync, read } = await changed();
  await sync();
  const asked = [listsAsked(world.crm), listsAsked(world.erp)];
  const counts = () => asked.map((count) => count());
  await read('changes');
  await read('changes');
  await read('changes?limit=1');
  expect(counts()).toEqual([1, 1]);
  const calls = world.storageCalls;
  world.nowMs += 300_000;
  await read('changes?limit=1');
  expect(counts()).toEqual([2, 2]);
  expect(world.storageCalls).toBeGreaterThan(calls);
});

test('a system that is down makes no list fail: its texts are missing, and it is asked again after a minute', async () => {
  const { world, sync, read } = await changed();
  await sync();
  world.erpError = () => new SyncError('transient', 'Nothing answers.');
  world.crmError = world.erpError;
  const [down] = (await read('changes')).items;
  expect(down).toMatchObject({ oldValue: '528', newValue: '56' });
  expect(down).not.toHaveProperty('newText');
  world.erpError = undefined;
  world.crmError = undefined;
  expect((await read('changes')).items[0]).not.toHaveProperty('newText');
  world.nowMs += 60_000;
  expect((await read('changes')).items[0]).toMatchObject(countries);
});

test('of a suspended connection no system is asked', async () => {
  const { world, connectionId, sync, read } = await changed();
  await sync();
  const asked = listsAsked(world.crm);
  const connection = await world.app.connections.get(world.tenantId, connectionId);
  if (!connection) throw new Error('it is there');
  await world.app.connections.replace({ ...connection, state: 'suspended' });
  expect((await read('changes')).items[0]).not.toHaveProperty('newText');
  expect(asked()).toBe(0);
});
