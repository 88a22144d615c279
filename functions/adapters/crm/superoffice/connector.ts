import * as z from 'zod';
import { SyncError } from '../../../core/errors.ts';
import type { CrmConnector } from '../../../ports/record-systems.ts';
import { settings } from './settings.ts';

const text = z.string().min(1);
const Config = z.object({ clientId: text, systemToken: text, clientSecret: text, privateKey: text });

export const connector: CrmConnector = {
  kind: 'superoffice',
  label: 'SuperOffice CRM',
  settings,
  async open(outside, site, config) {
    const parsed = Config.safeParse(config);
    // What zod says of a secret stays here.
    if (!parsed.success) throw new SyncError('misconfigured', 'The credentials of the CRM are not complete.');
    const { clientId, ...secrets } = parsed.data;
    const { superOffice } = await import('./superoffice.ts');
    return superOffice({ ...outside, settings: { ...site, clientId }, secrets });
  },
};
