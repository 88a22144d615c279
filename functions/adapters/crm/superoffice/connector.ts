import * as z from 'zod';
import { SyncError } from '../../../core/errors.ts';
import type { ConfigValues } from '../../../core/model/connector.ts';
import { withoutSlashes } from '../../../core/values/without-slashes.ts';
import type { CrmConnector, CrmSite, Outside } from '../../../ports/record-systems.ts';
import { signInUrl } from './people/sign-in-url.ts';
import { type SuperOfficeParts, settings } from './settings.ts';

const text = z.string().min(1);
const Config = z.object({ clientId: text, systemToken: text, clientSecret: text, privateKey: text });

function partsOf(outside: Outside, site: CrmSite, config: ConfigValues): SuperOfficeParts {
  const parsed = Config.safeParse(config);
  // What zod says of a secret stays here.
  if (!parsed.success) throw new SyncError('misconfigured', 'The credentials of the CRM are not complete.');
  const { clientId, ...secrets } = parsed.data;
  return { ...outside, settings: { ...site, address: withoutSlashes(site.address), clientId }, secrets };
}

export const connector: CrmConnector = {
  kind: 'superoffice',
  label: 'SuperOffice CRM',
  settings,
  async open(outside, site, config) {
    const parts = partsOf(outside, site, config);
    const { superOffice } = await import('./superoffice.ts');
    return superOffice(parts);
  },
  people: {
    publicAddress: 'https://online.superoffice.com',
    signInUrl({ address, crmContext }, { clientId = '' }, request) {
      return signInUrl({ address: withoutSlashes(address), clientId: String(clientId), crmContext }, request);
    },
    async openIdentityProvider(outside, site, config) {
      const parts = partsOf(outside, site, config);
      const { identityProvider } = await import('./people/identity-provider.ts');
      return identityProvider(parts);
    },
    async openDirectory(outside, site, config) {
      const parts = partsOf(outside, site, config);
      const { directory } = await import('./people/directory.ts');
      return directory(parts);
    },
  },
};
