import { expect, onTestFinished, test } from 'vitest';
import { crmFixture } from './superoffice-fixture.ts';

const minuteMs = 60_000;
const tables = ['contact', 'person', 'project'];

test('once signed in, the polls of an hour make their list calls and no other', async () => {
  const crm = await crmFixture({ stateValidSeconds: 3_600 });
  onTestFinished(() => crm.stop());
  const system = crm.connect();
  const cursors = new Map<string, string>();
  for (const table of tables) cursors.set(table, await system.start(table));
  const poll = async () => {
    crm.letTimePass(minuteMs);
    await crm.control('POST', '/calls/reset');
    await system.capabilities();
    for (const table of tables) {
      const page = await system.listChanges({ table, fieldsByType: {}, cursor: cursors.get(table) ?? '' });
      cursors.set(table, page.cursor);
    }
    return crm.calls();
  };
  for (let minute = 1; minute < 60; minute += 1) {
    const calls = Object.entries(await poll()).filter(([, count]) => count > 0);
    expect(Object.fromEntries(calls)).toEqual({ list: 3, total: 3 });
  }
});
