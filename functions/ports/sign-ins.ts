/** Whose sign-in: a user of a system, and which of its secrets. */
export interface SignIn {
  readonly tenantId: string;
  /** A fingerprint of kind, address and who signs in there. */
  readonly account: string;
  /** The secret's version, or a keyed hash of one that is not stored. */
  readonly secret: string;
}

interface SignInState {
  /** Nobody signs in as this user before that, milliseconds since 1970. */
  readonly pausedUntilMs?: number | undefined;
  /** When any secret of this user was last refused. */
  readonly lastRefusedAtMs?: number | undefined;
  /** How many refusals came one soon after the other, that one being the last. */
  readonly refusals?: number | undefined;
  /** This very secret was refused, and in which words. */
  readonly refused?: { readonly explanation?: string | undefined } | undefined;
}

/** What is known of sign-ins, by all workers and tests together. */
export interface SignIns {
  read(signIn: SignIn): Promise<SignInState>;
  /** `triedAtMs`: when a person tried it, 0 = nobody did. */
  noteRefused(
    signIn: SignIn,
    refusal: { atMs: number; triedAtMs: number; refusals: number; explanation?: string | undefined },
  ): Promise<void>;
  /** Takes the one try of a refused secret; false = it was tried at or after `sinceMs`. */
  takeTry(signIn: SignIn, nowMs: number, sinceMs: number): Promise<boolean>;
  notePaused(signIn: SignIn, untilMs: number): Promise<void>;
  /** Neither refused nor paused any more. */
  noteAccepted(signIn: SignIn): Promise<void>;
}
