import type { CrmType } from '../core/model/actor-type.ts';
import type { CrmUser } from '../core/model/session.ts';
import type { Tenant } from '../core/model/tenant.ts';

/** The way to where a user signs in. */
export interface SignInRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** SHA-256 of a verifier, base64url. */
  readonly challenge: string;
}

interface Redemption {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly nonce: string;
}

/** Who signed in, as the CRM says of them now. */
export interface KnownUser extends CrmUser {
  readonly isAdministrator: boolean;
  /** To ask again later; absent where it stays as it was, or where there is none. */
  readonly refreshToken?: string | undefined;
}

/** The CRM as one user sees it. */
export interface UserSight {
  /** Until then the CRM can be asked again without the refresh token, milliseconds since 1970. */
  readonly goodUntilMs: number;
  /**
   * Those of the records that the CRM shows to the user: a call or two, however many they are. SyncError `unauthorised`: the
   * user is to be asked of again; `transient`, `throttled`: the CRM cannot be asked.
   */
  shown(crmType: CrmType, keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/** A user that was asked of again, and what may be asked as them since. */
export interface AskedUser extends KnownUser {
  readonly sight: UserSight;
}

/**
 * Where the users of one tenant's CRM sign in. Issuer, audience and keys are those of the tenant's settings, and a user of
 * another tenant is refused. SyncError `unauthorised` where the provider or the CRM refuses, or a token fails a check;
 * `transient` where they cannot be asked. No error holds a word of theirs.
 */
export interface IdentityProvider {
  redeem(redemption: Redemption): Promise<KnownUser>;
  /** A token that somebody else got; what it says must do, for nothing comes with it to ask with. */
  readToken(idToken: string): Promise<KnownUser>;
  /** The same user again, asked as that user. `unauthorised`: the CRM lets them in no more. */
  readAgain(userId: string, refreshToken: string): Promise<AskedUser>;
}

/** What a sign-in needs to know of a CRM, without its secrets. */
type CrmAddress = Pick<NonNullable<Tenant['crm']>, 'kind' | 'address' | 'config'>;

/** The identity providers of all tenants; opened ones stay in memory with the keys that they have published. */
export interface IdentityProviders {
  /** Where a browser is sent; undefined for a kind of CRM whose users cannot sign in. */
  signInUrl(crm: CrmAddress, crmContext: string, request: SignInRequest): string | undefined;
  /** Undefined while the tenant has no CRM settings, or a CRM whose users cannot sign in. */
  of(tenant: Tenant): Promise<IdentityProvider | undefined>;
  /** As the address of a tenant that is not known: like that of one that is. */
  addressOfNobody(clientId: string): CrmAddress;
}
