/** Whose sign-in: a user of a system, and which of its secrets. */
export interface SignIn {
  readonly tenantId: string;
  /** A fingerprint of kind, address and who signs in there. */
  readonly account: string;
  /** The secret's version, or a keyed hash of one that is not stored. */
  readonly secret: string;
}

export interface SignInState {
  /** Nobody signs in as this user before that, milliseconds since 1970. */
  readonly pausedUntilMs?: number | undefined;
  /** When any secret of this user was last refused. */
  readonly lastRefusedAtMs?: number | undefined;
  /** How many refusals came one soon after the other, that one being the last. */
  readonly refusals?: number | undefined;
  /** This very secret was refused, and in which words. */
  readonly refused?: { readonly explanation?: string | undefined } | undefined;
  /** When this very secret was last accepted. */
  readonly provenAtMs?: number | undefined;
  /** Somebody signs in as this user with a secret that is not proven. */
  readonly turn?: SignInTurn | undefined;
}

/** One sign-in of a user at a time; it is over by itself then. */
interface SignInTurn {
  readonly holder: string;
  readonly untilMs: number;
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
  /** The secret is proven, and the user neither refused nor paused any more. */
  noteAccepted(signIn: SignIn, atMs: number): Promise<void>;
  /** False = somebody took it since `ended`, the one that was read and is over, was. */
  takeTurn(signIn: SignIn, turn: SignInTurn, ended?: SignInTurn): Promise<boolean>;
  /** Nothing if it is not his any more. */
  endTurn(signIn: SignIn, holder: string): Promise<void>;
}
