/** Links with a list field, of which items are not mapped. */
import type { ListPairs } from '../../functions/core/mapping/mapping.ts';
import { noListMappings } from '../../functions/core/model/connection-setup.ts';
import type { Engine } from '../../functions/sync/engine.ts';
import { connectionId, type FieldSpec, tenantId, type World } from '../property/world.ts';

export const listFields: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'group', direction: 'both', metadata: { type: 'list', listName: 'groups' }, start: null },
];

/** The pairs of the lists as they shall be; while the connection is active, so that waiting links are told. */
export async function mapGroups(world: World, pairs: ListPairs, by: Engine = world.quiet): Promise<boolean> {
  const setup = await by.connections.getSetup(tenantId, connectionId);
  const { listPairings: before = [], lists = noListMappings } = setup ?? {};
  return by.connections.putListPairs({
    tenantId,
    connectionId,
    revision: lists.revision,
    mappedAt: by.runtime.now(),
    before,
    after: [{ tenantId, connectionId, erpList: 'groups', crmList: 'groups', pairs }],
    whileIn: 'active',
  });
}

export async function groupsMapped(world: World): Promise<ListPairs> {
  const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
  return setup?.listPairings[0]?.pairs ?? {};
}

/** Ids of the links that wait, with the items. */
export async function waiting(world: World): Promise<[string, string[]][]> {
  const { links } = await world.quiet.waitingLinks.all(tenantId, connectionId);
  const told = links.map(({ linkId, waits }): [string, string[]] => [linkId, waits.map(({ item }) => item)]);
  return told.sort(([one], [other]) => one.localeCompare(other));
}
