import * as z from 'zod';
import type { Sealer } from './sealed.ts';

const purpose = 'sign-in state';

/** What a sign-in carries to the identity provider and back; nothing of it is stored. */
const SignInState = z.object({
  tenantId: z.string(),
  /** Of the pass that it will leave. */
  passId: z.string(),
  /** Of the page's verifier. */
  challenge: z.string(),
  /** Our own verifier for the provider. */
  verifier: z.string(),
  nonce: z.string(),
  returnTo: z.string(),
  goodUntilMs: z.number(),
});
export type SignInState = z.infer<typeof SignInState>;

export function sealState({ seal }: Sealer, state: SignInState): Promise<string> {
  return seal(purpose, JSON.stringify(state));
}

/** Undefined for what is no state of ours; whether it is still good is the caller's to ask. */
export async function openState({ open }: Sealer, sealed: string): Promise<SignInState | undefined> {
  const text = await open(purpose, sealed);
  return text === undefined ? undefined : SignInState.parse(JSON.parse(text));
}
