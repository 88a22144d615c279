import { expect, test } from 'vitest';
import type { World } from '../property/world.ts';
import { atRest } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const policy = { kind: 'latest-wins', fallback: 'erp' } as const;

/** Both sides edit one field, a minute apart. */
async function editBoth(world: World, first: 'crm' | 'erp'): Promise<string> {
  const edit = {
    crm: () => world.crm.edit('contact', 'c0', { name: 'crm' }),
    erp: () => world.erp.edit('party', 'e0', { NAME: 'erp' }),
  };
  edit[first]();
  world.nowMs += 60_000;
  edit[first === 'crm' ? 'erp' : 'crm']();
  await world.minutes(2);
  const [row] = (await world.log()).filter(({ conflict }) => conflict);
  return `${row?.conflict?.winner} by ${row?.conflict?.policy}`;
}

test('the later edit wins although the clock of one server is an hour ahead', async () => {
  for (const erpClockAheadMs of [3_600_000, -3_600_000, 0]) {
    const options = { fields, links: 1, policy, erpClockAheadMs };
    expect(await editBoth(await atRest(options), 'erp')).toBe('crm by latest-wins');
    expect(await editBoth(await atRest(options), 'crm')).toBe('erp by latest-wins');
  }
});
