import type { FieldMetadata } from '../../../core/model/field.ts';
import type { CrmSite, Outside } from '../../../ports/record-systems.ts';

const mandatory = { access: 'mandatory', searchable: false } as const;
const secret = { ...mandatory, type: 'password', maxLength: 10_000 } as const;

/** What an administrator fills in for a tenant's CRM. */
export const settings: readonly FieldMetadata[] = [
  {
    ...mandatory,
    key: 'clientId',
    label: 'Client id',
    description: 'Id of the application that the vendor registered.',
    type: 'text',
    maxLength: 200,
  },
  { ...secret, key: 'systemToken', label: 'System user token', description: 'What the tenant approved.' },
  { ...secret, key: 'clientSecret', label: 'Client secret', description: 'Secret of the application.' },
  {
    ...secret,
    key: 'privateKey',
    label: 'Private key',
    description: 'Key of the application: PEM, or the XML that the vendor’s portal shows.',
  },
];

/** `address`: the un-numbered host that answers the tenant's state and signs in, e.g. `https://online.superoffice.com`. */
export interface SuperOfficeSettings extends CrmSite {
  readonly clientId: string;
  /** Hosts outside the address's own domain that the tenant's API may move to. */
  readonly allowApiHosts?: readonly string[];
}

interface SuperOfficeSecrets {
  readonly systemToken: string;
  readonly clientSecret: string;
  /** PEM, or the `RSAKeyValue` XML that the vendor's portal shows. */
  readonly privateKey: string;
}

export interface SuperOfficeParts extends Outside {
  readonly settings: SuperOfficeSettings;
  readonly secrets: SuperOfficeSecrets;
}
