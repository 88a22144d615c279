/** A system that answers with nothing where there was much: nothing is lost by it, and all goes on once it is over. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

const links = 12;

async function linked(): Promise<{ world: ApiWorld; connectionId: string }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, links);
  await connect(world, connectionId, ...Array.from({ length: links }, (_, at) => pair(at + 1)));
  await world.work();
  return { world, connectionId };
}

async function refresh(world: ApiWorld, connectionId: string): Promise<void> {
  const { status } = await world.send('POST', `/v1/connections/${connectionId}/refresh-metadata`);
  expect(status).toBeLessThan(300);
}

async function compare(world: ApiWorld, connectionId: string) {
  const { json } = await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId } });
  await world.work();
  return (await world.send('GET', `/v1/sync-runs/${json.id}`)).json;
}

function editAll(world: ApiWorld, values: (at: number) => Record<string, string>): void {
  for (let at = 1; at <= links; at += 1) world.erp.edit('party', `p${at}`, values(at));
}

test.each(['erp', 'crm'] as const)(
  'while the %s describes no field what is known of them stays, and all that changed travels',
  async (side) => {
    const { world, connectionId } = await linked();
    const path = `/v1/connections/${connectionId}`;
    const mapping = async () => (await world.send('GET', `${path}/actor-types/customer/mapping`)).json;
    const before = await mapping();
    world[side].describe = async () => [];
    expect(await world.send('POST', `${path}/refresh-metadata`)).toMatchObject({ status: 422 });
    expect(await mapping()).toEqual(before);
    editAll(world, (at) => ({ PHONE: `+31 70 ${at}` }));
    expect(await compare(world, connectionId)).toMatchObject({ counters: { changed: links, failed: 0 } });
    expect(world.crm.valuesOf('contact', `c${links}`).phone).toBe(`+31 70 ${links}`);
  },
);

test.each(['erp', 'crm'] as const)(
  'a list that the %s answers without an item leaves its pairs as they are',
  async (side) => {
    const { world, connectionId } = await linked();
    world[side].listItems = async () => [];
    await refresh(world, connectionId);
    editAll(world, () => ({ COUNTRY: '2' }));
    expect(await compare(world, connectionId)).toMatchObject({ counters: { rejected: 0, changed: links } });
    expect(world.crm.valuesOf('contact', 'c1').country).toBe('56');
  },
);
