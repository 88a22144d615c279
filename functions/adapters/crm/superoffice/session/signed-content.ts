import { compactVerify, errors } from 'jose';
import type { SyncError } from '../../../../core/errors.ts';

interface PublicKey {
  readonly kty: string;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
}

/** What a token has signed, by RS256 and nothing else. */
export async function signedContent(
  token: string,
  { kty, n = '', e = '' }: PublicKey,
  refuse: (reason: string) => SyncError,
): Promise<string> {
  if (kty !== 'RSA') throw refuse('algorithm');
  try {
    const { payload } = await compactVerify(token, { kty, n, e }, { algorithms: ['RS256'] });
    return Buffer.from(payload).toString('utf8');
  } catch (error) {
    if (error instanceof errors.JOSEAlgNotAllowed) throw refuse('algorithm');
    throw refuse(error instanceof errors.JWSInvalid ? 'not a token' : 'signature');
  }
}
