import * as z from 'zod';

export const Role = z.enum(['admin', 'user', 'service']);
export type Role = z.infer<typeof Role>;

export const ApiKey = z.object({
  tenantId: z.string(),
  id: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'service']),
  /** SHA-256 of the secret part, hex: the secret has 256 random bits, so a slow hash adds nothing. */
  secretHash: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
  revision: z.number().int(),
});
export type ApiKey = z.infer<typeof ApiKey>;
