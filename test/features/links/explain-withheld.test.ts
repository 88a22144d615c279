/** What a brake keeps from being written is told as that, whatever kind of act it is. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

const many = 70;

type Edit = (world: ApiWorld, at: number) => void;

const phones: Edit = (world, at) => world.crm.edit('contact', `c${at}`, { phone: `+31 88 ${at}` });

const swapped: Edit = (world, at) => {
  const { name = null, phone = null } = world.crm.valuesOf('contact', `c${at}`);
  world.crm.edit('contact', `c${at}`, { name: phone, phone: name });
};

const kinds: readonly ['blanks' | 'uniform' | 'swaps' | 'refusals', Edit, string][] = [
  ['blanks', (world, at) => world.crm.edit('contact', `c${at}`, { phone: null }), 'a blank would replace a value'],
  ['uniform', (world, at) => world.crm.edit('contact', `c${at}`, { phone: '+31 99 99' }), 'one and the same text'],
  ['swaps', swapped, "get one another's values"],
  ['refusals', phones, 'refused link after link'],
];

async function sync(world: ApiWorld, connectionId: string): Promise<void> {
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  await world.work();
}

test.each(kinds)(
  'a field that a brake on %s withholds is told as withheld, in words of its own',
  async (kind, edit, words) => {
    const world = new ApiWorld();
    const connectionId = await activeConnection(world);
    addRecords(world, many);
    const { json } = await connect(world, connectionId, ...Array.from({ length: many }, (_, at) => pair(at + 1)));
    await world.work();
    world.nowMs += 60_000;
    if (kind === 'refusals') {
      Object.assign(world.erp.options, { refuses: (field: string) => (field === 'PHONE' ? 'No.' : undefined) });
      for (let at = 1; at <= many; at += 1) world.crm.edit('contact', `c${at}`, { phone: `+31 77 ${at}` });
      await sync(world, connectionId);
      world.nowMs += 60_000;
    }
    for (let at = 1; at <= many; at += 1) edit(world, at);
    await sync(world, connectionId);
    const told: { state: string; reason: string; next?: unknown }[] = [];
    for (const { linkId } of json.items) {
      const { withheld } = (await world.send('GET', `/v1/links/${linkId}`)).json;
      if (!withheld?.[kind]) continue;
      const { fields } = (await world.send('GET', `/v1/links/${linkId}/fields`)).json;
      told.push(fields.find((one: { erpField: string }) => one.erpField === 'PHONE'));
    }
    expect(told.length).toBeGreaterThan(9);
    for (const { state, reason, next } of told) {
      expect({ state, next }).toEqual({ state: 'withheld', next: undefined });
      expect(reason).toContain(words);
    }
  },
);
