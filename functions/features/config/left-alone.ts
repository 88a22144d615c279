import { areSameLists } from '../../core/mapping/list-pairing.ts';
import type { ConfigFile } from './config-file.ts';
import type { LeftAlone } from './config-result.ts';
import { toldOf } from './connection-entry.ts';
import type { TenantSetUp } from './tenant-set-up.ts';

/** What a file of all that there is would name, and this one does not. */
export function leftAlone({ connectors, connections }: ConfigFile, tenant: TenantSetUp): LeftAlone[] {
  const ofConnections = tenant.setups.flatMap((setup): LeftAlone[] => {
    const { name } = setup.connection;
    const entry = connections.find((one) => one.name === name);
    if (!entry) return [{ kind: 'connection', name }];
    const { actorTypes, listPairings } = toldOf(setup);
    const isNamed = (pairing: (typeof listPairings)[number]) => entry.lists.some((one) => areSameLists(one, pairing));
    return [
      ...actorTypes.flatMap(({ actorType }): LeftAlone[] =>
        entry.actorTypes[actorType] ? [] : [{ kind: 'actor-type', name: actorType, connection: name }],
      ),
      ...listPairings.flatMap((one): LeftAlone[] =>
        isNamed(one) ? [] : [{ kind: 'list', name: `${one.erpList}~${one.crmList}`, connection: name }],
      ),
    ];
  });
  const unnamed = tenant.connectors.filter(({ name }) => !connectors.some((one) => one.name === name));
  return [...unnamed.map(({ name }): LeftAlone => ({ kind: 'connector', name })), ...ofConnections];
}
