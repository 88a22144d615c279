import { fingerprint } from '../core/values/fingerprint.ts';
import type { IdentityProvider, IdentityProviders } from '../ports/identity-provider.ts';
import type { CrmConnector, Outside } from '../ports/record-systems.ts';
import type { Vault } from '../ports/vault.ts';
import { keepLatest } from './keep-latest.ts';
import { builtInConnectors } from './record-systems.ts';

/** With its keys and secrets one takes some 10 KB. */
const mostOpen = 500;

/** The sign-in of every tenant's CRM; opened ones stay until the tenant's settings or secrets change. */
export function identityProviders(
  { vault, ...outside }: Outside & { readonly vault: Pick<Vault, 'read'> },
  connectors: readonly CrmConnector[] = builtInConnectors.crm,
): IdentityProviders {
  const keep = keepLatest<IdentityProvider>({ maxOwners: mostOpen });
  const peopleOf = (kind: string) => connectors.find((connector) => connector.kind === kind)?.people;

  return {
    signInUrl: ({ kind, address, config }, crmContext, request) =>
      peopleOf(kind)?.signInUrl({ address, crmContext }, config, request),

    async of({ id, crmContext, crm }) {
      const people = crm && peopleOf(crm.kind);
      if (!people) return undefined;
      return keep(id, fingerprint(crm), async () => {
        const secrets = await vault.read(id, 'crm', crm.secretVersion);
        return people.openIdentityProvider(
          outside,
          { address: crm.address, crmContext },
          { ...crm.config, ...secrets },
        );
      });
    },

    addressOfNobody(clientId) {
      const first = connectors.find(({ people }) => people);
      return { kind: first?.kind ?? '', address: first?.people?.publicAddress ?? '', config: { clientId } };
    },
  };
}
