import { randomBytes } from 'node:crypto';

/** The parts of what a page shows: `{kind}_{tenantId}_{id}_{secret}`; neither id holds an underscore. */
export interface TokenParts {
  readonly tenantId: string;
  readonly id: string;
  /** 256 random bits, base64url without padding. */
  readonly secret: string;
}

/** A session, and the code that a page makes one of. */
type Kind = 'ess' | 'esc';

const form = /^(ess|esc)_([0-9A-Za-z-]{1,64})_([0-9A-Za-z-]{1,64})_([0-9A-Za-z_-]{43})$/;

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function tokenText(kind: Kind, { tenantId, id, secret }: TokenParts): string {
  return `${kind}_${tenantId}_${id}_${secret}`;
}

export function parseToken(kind: Kind, text: string): TokenParts | undefined {
  const [, given, tenantId, id, secret] = form.exec(text) ?? [];
  return given === kind && tenantId && id && secret ? { tenantId, id, secret } : undefined;
}
