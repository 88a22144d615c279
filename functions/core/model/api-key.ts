import * as z from 'zod';
import { At } from './at.ts';

export const Role = z.enum(['admin', 'user', 'service']).meta({
  id: 'Role',
  description:
    'What a caller may do: `admin` sets up, `service` links, triggers and reads, `user` is for people in the CRM.',
});
export type Role = z.infer<typeof Role>;

export const ApiKey = z.object({
  tenantId: z.string(),
  id: z.string().describe('Names the key; stands in the key itself, and in what it did.'),
  name: z.string().meta({ description: 'For people.', examples: ['CRM back end'] }),
  role: z.enum(['admin', 'service']).describe('What it may do.'),
  /** SHA-256 of the secret part, hex: the secret has 256 random bits, so a slow hash adds nothing. */
  secretHash: z.string(),
  createdAt: At,
  expiresAt: At.describe('From when on it is refused; without it, never.').optional(),
  lastUsedAt: At.describe('To the minute.').optional(),
  revision: z.number().int(),
});
export type ApiKey = z.infer<typeof ApiKey>;
