import type { ApiKeys } from '../../ports/api-keys.ts';
import type { Audit } from '../../ports/audit.ts';
import type { IdentityProviders } from '../../ports/identity-provider.ts';
import type { Rates } from '../../ports/rates.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Sessions } from '../../ports/sessions.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Tenants } from '../../ports/tenants.ts';
import type { Sealer } from './sealed.ts';

/** What signing in and out works with; it has no part of the engine, and no ERP. */
export interface SignInApplication {
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly tenants: Tenants;
  readonly audit: Audit;
  readonly identityProviders: IdentityProviders;
  readonly runtime: Runtime;
  readonly telemetry: Telemetry;
  /** Absent: nothing is limited here. */
  readonly rates?: Rates | undefined;
  readonly sealer: Sealer;
  readonly signIn: SignInSettings;
}

export interface SignInSettings {
  /** Where our own pages are, as people's browsers know it; never what a request says of itself. Absent: there are none. */
  readonly publicUrl?: string | undefined;
  /** What the vendor calls our application where no tenant's settings say so. */
  readonly clientId?: string | undefined;
}
