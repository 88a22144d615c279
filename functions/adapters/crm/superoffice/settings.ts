import type { HttpClient } from '../../../ports/http.ts';
import type { Runtime } from '../../../ports/runtime.ts';

export interface SuperOfficeSettings {
  /** Un-numbered host that answers the tenant's state and signs in, e.g. `https://online.superoffice.com`. */
  readonly address: string;
  readonly clientId: string;
  /** Tenant key such as `Cust12345`. */
  readonly crmContext: string;
  /** Hosts outside the address's own domain that the tenant's API may move to. */
  readonly allowApiHosts?: readonly string[];
}

export interface SuperOfficeSecrets {
  readonly systemToken: string;
  readonly clientSecret: string;
  /** PEM, or the `RSAKeyValue` XML that the vendor's portal shows. */
  readonly privateKey: string;
}

export interface SuperOfficeParts {
  readonly http: HttpClient;
  readonly runtime: Runtime;
  readonly settings: SuperOfficeSettings;
  readonly secrets: SuperOfficeSecrets;
}
