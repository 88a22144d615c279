import type { registry } from '../registry.ts';
import type { OperationText } from './operation-text.ts';

const tooOften = 'Too many sign-ins of this address, or of this tenant, have failed within a minute.';

export const textsOfSession = {
  startSignIn: {
    tag: 'Sessions',
    summary: 'Begin to sign in',
    description:
      "Sends the browser to the sign-in of the tenant's CRM. `challenge` is the SHA-256 of a verifier that the page keeps (PKCE, RFC 7636); an unknown tenant is answered like a known one.",
    headers: ['location'],
    refuses: { 'too-many-requests': tooOften },
  },
  finishSignIn: {
    tag: 'Sessions',
    summary: 'Come back from signing in',
    description:
      "Where the CRM's identity provider sends the browser to. Sends it on to the page, with a code in the fragment that is good for 60 seconds and once, or with the reason why there is none.",
    headers: ['location'],
    refuses: { 'too-many-requests': tooOften },
  },
  beginSession: {
    tag: 'Sessions',
    summary: 'Begin a session',
    description:
      'For the code of a sign-in with its verifier, an id_token of the CRM, or an API key. The session is shown this once; it is good for 8 hours after its last use and 24 at most, and one of a key ends with the key.',
    asks: true,
    refuses: {
      unauthenticated: 'What was shown is wrong, was used before, or is not good any more.',
      'too-many-requests': tooOften,
    },
    example: { code: 'AbC…', verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' },
  },
  endSession: {
    tag: 'Sessions',
    summary: 'End a session',
    description: 'Of whoever calls; a key is none. What was kept of a decision may let it work for a minute more.',
    refuses: { conflict: 'A key calls, and is no session.' },
  },
} as const satisfies Readonly<Record<keyof (typeof registry)['session'], OperationText>>;
