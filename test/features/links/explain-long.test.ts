/** Explained all the same: values that no answer has place for, and a log that goes back far. */
import { expect, test } from 'vitest';
import { cutExplanation } from '../../../functions/features/links/cut-explanation.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';

async function linked() {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  const { json } = await connect(world, connectionId, pair(1));
  await world.work();
  world.nowMs += 60_000;
  const linkId: string = json.items[0].linkId;
  const sync = async () => {
    await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
    await world.work();
    world.nowMs += 60_000;
  };
  const explained = async (name: string) => {
    const { status, json: answer } = await world.send('GET', `/v1/links/${linkId}/fields`);
    expect(status).toBe(200);
    return answer.fields.find((one: { erpField: string }) => one.erpField === name);
  };
  return { world, connectionId, linkId, sync, explained };
}

test('a value that no answer has place for is shown by its beginning, and said to be cut', async () => {
  const { world, sync, explained } = await linked();
  world.erp.edit('party', 'p1', { PHONE: 'é'.repeat(3_000_000) });
  const before = await explained('PHONE');
  expect(before.erp).toEqual({ value: 'é'.repeat(4_000), cut: true });
  expect(before.crm).toEqual({ value: '+31 30 1' });
  await sync();
  expect((await explained('PHONE')).state).toBe('parked');
});

test('however many fields have long values all of them come through, each cut as short as it takes', () => {
  const value = '\u0001'.repeat(8_000);
  const shown = { value };
  const both = { crm: value, erp: value };
  const change = {
    at: '',
    rule: '',
    text: undefined,
    side: 'erp',
    source: 'crm',
    oldValue: value,
    newValue: value,
    erased: undefined,
    sentValue: value,
    outcome: 'written',
    conflict: { winner: 'crm', policy: 'crm-wins', base: both, ...both },
    runId: 'r',
    mappingVersion: undefined,
    run: undefined,
  } as const;
  const field = { crm: shown, erp: shown, lastAgreed: { crm: shown, erp: shown }, next: shown, why: { change } };
  const cut = cutExplanation(Array.from({ length: 80 }, () => field));
  expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThan(5_000_000);
  expect(cut[0]).toMatchObject({
    crm: { cut: true },
    lastAgreed: { erp: { cut: true } },
    why: { change: { cut: true } },
  });
  expect(cutExplanation([field])).toEqual([field]);
});

test('a field that was decided and not looked at since has its change from further back in the log', async () => {
  const { world, connectionId, sync, explained } = await linked();
  const ask = (row: { erpField: string }) =>
    row.erpField === 'PHONE' ? { ...row, conflictPolicy: { kind: 'ask' } } : row;
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  await saveMapping(world, connectionId, { active: true, fields: customerMapping.fields.map(ask) });
  await world.send('POST', `/v1/connections/${connectionId}/activate`);
  await world.work();
  world.crm.edit('contact', 'c1', { phone: '+31 1' });
  await sync();
  for (let at = 0; at < 70; at += 1) {
    world.crm.edit('contact', 'c1', { name: `Name ${at}`, vatNo: `NL${at}`, country: at % 2 ? '528' : '56' });
    await sync();
  }
  world.crm.edit('contact', 'c1', { phone: '+31 2' });
  world.erp.edit('party', 'p1', { PHONE: '+31 3' });
  await sync();
  const [conflict] = (await world.send('GET', '/v1/conflicts')).json.items;
  const decided = await world.send('POST', `/v1/conflicts/${conflict.id}/resolve`, { body: { keep: 'crm' } });
  expect(decided.status).toBe(202);
  expect((await explained('PHONE')).why.change).toMatchObject({ newValue: '+31 1', rule: 'changed-in-crm' });
});
