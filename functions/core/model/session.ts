import * as z from 'zod';
import { Role } from './api-key.ts';

/** A user of the CRM as the CRM last said: ids are the CRM's own. */
export const CrmUser = z
  .object({
    id: z.string(),
    name: z.string().meta({ examples: ['Anna Jansen'] }),
    groups: z.array(z.string()).meta({ description: 'Ids of the groups in the CRM.', examples: [['2']] }),
    groupsLeftOut: z
      .number()
      .optional()
      .meta({
        description:
          'So many groups of the user are not in `groups` and open no connection, for only the first 1,000 count: name the user in scopes. Absent where all are in it.',
        examples: [12],
      }),
  })
  .meta({ id: 'CrmUser', description: 'A user of the CRM, as the CRM last said.' });
export type CrmUser = z.infer<typeof CrmUser>;

/** What somebody signed in with and may show for a while: a CRM user, or who had an API key. */
export const Session = z.object({
  tenantId: z.string(),
  id: z.string(),
  /** SHA-256 of the secret part, hex. */
  secretHash: z.string(),
  /** Of a user as the CRM last said; of an API key the key's. */
  role: Role,
  createdAt: z.string(),
  /** Ends then whatever is done with it, milliseconds since 1970. */
  endsAtMs: z.number(),
  /** The last use that was noted. */
  usedAtMs: z.number(),
  /** The API key that it was made with, and ends with. */
  keyId: z.string().optional(),
  user: CrmUser.optional(),
  /** When the CRM last said who the user is. */
  answeredAtMs: z.number().optional(),
  /** From then on the CRM is asked again. */
  askFromMs: z.number().optional(),
  /** Until then somebody asks the CRM with the refresh token, and nobody else does: it may be good once. */
  askingUntilMs: z.number().optional(),
  /** Sealed; absent where the CRM cannot be asked again. */
  refreshToken: z.string().optional(),
});
export type Session = z.infer<typeof Session>;

/**
 * What a sign-in at the CRM's identity provider leaves for the page that began it: good for one session, within a minute,
 * and only with the verifier of its challenge.
 */
export const SignInPass = z.object({
  tenantId: z.string(),
  /** As in the state of the sign-in: a state leaves one pass. */
  id: z.string(),
  secretHash: z.string(),
  /** SHA-256 of the page's verifier, base64url. */
  challenge: z.string(),
  goodUntilMs: z.number(),
  user: CrmUser,
  role: Role,
  answeredAtMs: z.number(),
  refreshToken: z.string().optional(),
});
export type SignInPass = z.infer<typeof SignInPass>;
