/** What is limited by the minute. */
export const rateKinds = ['requests', 'interactive-runs', 'failed-sign-ins'] as const;
export type RateKind = (typeof rateKinds)[number];

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

interface RatedCaller {
  readonly tenantId: string;
  readonly caller?: string | undefined;
}

/** Counts of all instances together, exact to a factor of two. */
export interface Rates {
  /**
   * Counts one more for the caller (an API key) and its tenant, or says why not, and then counts nothing. A caller that is
   * not given is not limited, its tenant is. Never throws.
   */
  take(kind: RateKind, who: RatedCaller): Promise<RateRefusal | undefined>;
  /** Whether one more would be refused, as far as this instance knows; counts nothing and asks nobody. */
  refusal(kind: RateKind, who: RatedCaller): RateRefusal | undefined;
}
