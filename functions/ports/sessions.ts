import type { Role } from '../core/model/api-key.ts';
import type { CrmUser, Session, SignInPass } from '../core/model/session.ts';
import type { Trail } from './audit.ts';

/** What a session is made of once and never again: a pass, or a token known by its hash. */
export type MadeOf = { readonly passId: string } | { readonly tokenHash: string };

/** `trail` is written with the change. */
export interface Sessions {
  /** False = what it is made of was used already, or is not there; atomic. */
  create(session: Session, madeOf: MadeOf | undefined, trail: Trail): Promise<boolean>;
  get(tenantId: string, sessionId: string): Promise<Session | undefined>;
  /** Only where it is there; safe to repeat. */
  noteUse(tenantId: string, sessionId: string, atMs: number): Promise<void>;
  /**
   * Whose turn it is to ask the CRM with the refresh token of the session as it was read: false where somebody else has it,
   * until `untilMs`, or had it since; `due`: also where it is not time to ask. Atomic.
   */
  takeAsking(session: Session, nowMs: number, untilMs: number, when: 'due' | 'now'): Promise<boolean>;
  /** Nothing was found out in the turn until `untilMs`: it is anybody's again. */
  leaveAsking(tenantId: string, sessionId: string, untilMs: number): Promise<void>;
  /** What the CRM said, and the end of the turn; nothing where the session is gone. */
  noteAnswer(tenantId: string, sessionId: string, answer: CrmAnswer): Promise<void>;
  /** False = it is not there (any more). */
  end(tenantId: string, sessionId: string, trail: Trail): Promise<boolean>;
  /** False = there was one by this id already, used or not. */
  keepPass(pass: SignInPass): Promise<boolean>;
  /** Undefined where there is none, or it was used. */
  readPass(tenantId: string, passId: string): Promise<SignInPass | undefined>;
}

interface CrmAnswer {
  readonly user: CrmUser;
  readonly role: Role;
  readonly answeredAtMs: number;
  readonly askFromMs: number;
  /** Where the CRM gave another one; sealed. */
  readonly refreshToken?: string | undefined;
}
