/** What is limited by the minute. */
export type RateKind = 'requests' | 'interactive-runs';

/** So many a minute. */
export interface RateLimits {
  readonly caller: number;
  readonly tenant: number;
}

export interface RateRefusal {
  /** Whose limit was met. */
  readonly of: keyof RateLimits;
  /** After that it may be tried again. */
  readonly waitMs: number;
}

/** Counts of all instances together, exact to a factor of two. */
export interface Rates {
  /**
   * Counts one more for the caller (an API key) and its tenant, or says why not, and then counts nothing. A caller that is
   * not given is not limited, its tenant is. Never throws.
   */
  take(
    kind: RateKind,
    who: { readonly tenantId: string; readonly caller?: string | undefined },
  ): Promise<RateRefusal | undefined>;
}
