import type { Values } from '../../functions/core/values/value.ts';
import { ApiWorld } from '../features/api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../features/set-up-steps.ts';

export const [nameRow, phoneRow] = customerMapping.fields;

/** A linked pair at rest under a mapping, and how it is synchronised. */
export async function linked(mapping: object, crmAtFirst: Values = {}) {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 1);
  world.crm.edit('contact', 'c1', crmAtFirst);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const saved = await saveMapping(world, id, { active: true, ...mapping });
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.json));
  const mapped = await world.change('PUT', `/v1/connections/${id}/list-mappings`, {
    lists: [{ erpList: 'category', crmList: 'category', pairs: [{ erpItem: 'B', crmItem: '8' }] }],
  });
  await world.send('POST', `/v1/connections/${id}/activate`);
  await connect(world, id, pair(1));
  await world.work();
  const sync = async (kind = 'sync') => {
    world.nowMs += 60_000;
    await world.send('POST', '/v1/sync-runs', { body: { kind, connectionId: id } });
    await world.work();
  };
  const crm = () => world.crm.valuesOf('contact', 'c1');
  const erp = () => world.erp.valuesOf('party', 'p1');
  return { world, id, mapped, sync, crm, erp };
}
