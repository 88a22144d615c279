/** What a disconnect leaves behind, and where the replaced values are. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

async function wrongPair(): Promise<{ world: ApiWorld; linkId: string }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 2);
  const { json } = await connect(world, connectionId, pair(1, 2));
  await world.work();
  return { world, linkId: json.items[0].linkId };
}

test('who disconnects a wrong pair is told what stays on both sides, and the log has every replaced value', async () => {
  const { world, linkId } = await wrongPair();
  world.erp.edit('party', 'p1', { COUNTRY: '2' });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', scope: { kind: 'links', linkIds: [linkId] } } });
  await world.work();
  const { status, json } = await world.send('DELETE', `/v1/links/${linkId}`, { role: 'service' });
  expect(status).toBe(200);
  // Name and phone of the other firm, and its VAT number where none stood; then a country that came back.
  expect(json).toMatchObject({
    ...{ id: linkId, erpKey: 'p1', crmKey: 'c2', state: 'disconnected', changes: `/v1/changes?linkId=${linkId}` },
    left: {
      erp: { fields: 3, replaced: 2, text: expect.stringMatching(/record in the ERP is left as it is.*`oldValue`\.$/) },
      crm: { fields: 1, replaced: 1, text: expect.stringMatching(/record in the CRM is left as it is.*`oldValue`\.$/) },
    },
  });
  expect(json).not.toHaveProperty('more');
  expect(world.erp.valuesOf('party', 'p1')).toMatchObject({ NAME: 'Firm 2', PHONE: '+31 30 2', VATNO: 'NL2' });
  const { items } = (await world.send('GET', json.changes)).json;
  const replaced = (side: string) =>
    items.flatMap((one: { side: string; oldValue: string | null }) => (one.side === side ? (one.oldValue ?? []) : []));
  expect(replaced('erp').toSorted()).toEqual(['+31 20 1', 'Firm 1']);
  expect(replaced('crm')).toEqual(['528']);
  expect((await world.send('GET', json.changes, { tenantId: world.otherTenantId })).json.items).toEqual([]);
});

test('a link that wrote nothing leaves both records as they were', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  const { json } = await connect(world, connectionId, pair(1));
  const left = (await world.send('DELETE', `/v1/links/${json.items[0].linkId}`)).json;
  for (const side of ['crm', 'erp']) {
    expect(left.left[side]).toMatchObject({ fields: 0, replaced: 0, text: expect.stringContaining('wrote nothing') });
  }
});

test('a longer log than is counted is said to be longer', async () => {
  const { world, linkId } = await wrongPair();
  for (let at = 0; at < 100; at += 1) {
    world.crm.edit('contact', 'c2', { phone: `+31 ${at}`, name: `Name ${at}` });
    await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', scope: { kind: 'links', linkIds: [linkId] } } });
    await world.work();
  }
  const { json } = await world.send('DELETE', `/v1/links/${linkId}`);
  expect(json).toMatchObject({ more: true, left: { erp: { fields: 2, replaced: 200 } } });
});

test('a log that is gone or erased is not taken for one of a link that wrote nothing', async () => {
  const { world, linkId } = await wrongPair();
  const textOf = async () => (await world.send('DELETE', `/v1/links/${linkId}`)).json.left.erp.text;
  expect(await textOf()).toContain('`oldValue`');
  await world.send('POST', '/v1/crm/company/c2/erase', { body: {} });
  expect(await textOf()).toMatch(/erased from `changes`\.$/);
  const list = world.app.changeLog.list;
  world.app.changeLog.list = async () => ({ items: [] });
  expect(await textOf()).toMatch(/wrote nothing there\.$/);
  world.nowMs += 800 * 86_400_000;
  expect(await textOf()).toMatch(/does not reach back/);
  world.app.changeLog.list = list;
});

test('who disconnects a wrong pair while it is being written is told so, and the log has what was written', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 2);
  const { json } = await connect(world, connectionId, pair(1, 2));
  const { linkId } = json.items[0];
  const answers: Awaited<ReturnType<ApiWorld['send']>>[] = [];
  Object.assign(world.erp.options, {
    onCall: async (operation: string, moment: string) => {
      if (operation === 'update' && moment === 'answered')
        answers.push(await world.send('DELETE', `/v1/links/${linkId}`));
    },
  });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').NAME).toBe('Firm 2');
  expect(answers).toMatchObject([
    { status: 200, json: { state: 'disconnected', left: { erp: { text: expect.stringMatching(/under way/) } } } },
  ]);
  const again = (await world.send('DELETE', `/v1/links/${linkId}`)).json;
  expect(again.left.erp).toMatchObject({ fields: 3, text: expect.stringMatching(/`oldValue`\.$/) });
});
