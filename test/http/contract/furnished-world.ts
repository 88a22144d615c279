/** A tenant that has one of everything the API can be asked about, with the ids by which to ask. */
import { ApiWorld } from '../../features/api-world.ts';
import {
  activeConnection,
  addConnection,
  addRecords,
  connect,
  customerMapping,
  pair,
  saveMapping,
} from '../../features/set-up-steps.ts';

/** What there is, by the name that a parameter or property of the document has. */
export interface Things {
  readonly connectors: { readonly used: string; readonly free: string };
  readonly connections: { readonly active: string; readonly inactive: string; readonly deleted: string };
  readonly apiKey: string;
  readonly links: {
    readonly agreed: string;
    readonly merged: string;
    readonly gone: string;
    readonly disconnected: string;
  };
  readonly runs: { readonly ended: string; readonly queued: string; readonly braked: string };
  readonly conflict: string;
  readonly failures: { readonly parked: string; readonly merged: string };
}

const links = 8;

export async function furnishedWorld(world = new ApiWorld()): Promise<{ world: ApiWorld; things: Things }> {
  const idOf = async (path: string, body: unknown): Promise<string> =>
    (await world.send('POST', path, { body })).json.id;
  const active = await activeConnection(world);
  const used = (await world.send('GET', '/v1/connectors')).json.items[0].id;
  const free = await idOf('/v1/connectors', { kind: 'tryton', name: 'Unused', url: 'https://other.example.com' });
  const inactive = await addConnection(world, 'Inactive');
  await saveMapping(world, inactive, customerMapping);
  const deleted = await addConnection(world, 'Deleted');
  await world.change('DELETE', `/v1/connections/${deleted}`);
  const apiKey = await idOf('/v1/api-keys', { name: 'Back end', role: 'service' });
  await idOf('/v1/api-keys', { name: 'Other admin', role: 'admin' });

  addRecords(world, links + 4);
  world.crm.edit('contact', 'c5', { vatNo: 'NL-far-too-long' });
  const choices = [{ erpField: 'PHONE', crmField: 'phone', keep: 'erp', fingerprint: 'of other values' }];
  const pairs = Array.from({ length: links }, (_, at) => ({ ...pair(at + 1), ...(at === 3 && { choices }) }));
  const connected = await connect(world, active, ...pairs);
  await world.work();
  const linkIds: string[] = connected.json.items.map((item: { linkId: string }) => item.linkId);
  const [agreed = '', merged = '', gone = '', , parked = '', disconnected = ''] = linkIds;

  world.erp.setStanding('party', 'p2', { kind: 'merged', into: 'p9' });
  world.erp.removeRecord('party', 'p3');
  await world.send('DELETE', `/v1/links/${disconnected}`);
  await idOf('/v1/sync-runs', { kind: 'compare', connectionId: active });
  await world.work();

  await world.change('PATCH', `/v1/connections/${active}`, { allowances: { blanks: { links: 0, share: 0 } } });
  world.erp.edit('party', 'p7', { PHONE: null });
  const braked = await idOf('/v1/sync-runs', { kind: 'compare', connectionId: active });
  await world.work();
  const queued = await idOf('/v1/sync-runs', { kind: 'compare', connectionId: active, dryRun: true });
  const conflict = (await world.send('GET', '/v1/conflicts')).json.items[0].id;
  return {
    world,
    things: {
      connectors: { used, free },
      connections: { active, inactive, deleted },
      apiKey,
      links: { agreed, merged, gone, disconnected },
      runs: { ended: connected.json.runId, queued, braked },
      conflict,
      failures: { parked, merged },
    },
  };
}
