import * as z from 'zod';
import { ActorTypeMapping } from '../mapping/mapping.ts';
import { ActorType } from './actor-type.ts';
import { At } from './at.ts';
import { Actor } from './audit.ts';

/** A mapping as it was saved; the first one is number 1, what automatic mapping made before it has no number. */
export const MappingVersion = z.object({
  ...ActorTypeMapping.shape,
  tenantId: z.string(),
  connectionId: z.string(),
  actorType: ActorType,
  number: z.number().int().min(1).describe('1 is the first that was saved.'),
  at: At,
  by: Actor,
  changed: z
    .array(z.string())
    .meta({ description: 'What differs from the mapping before it.', examples: [['mapping.PHONE']] }),
  restores: z.number().int().optional().describe('The version that was brought back with it.'),
});
export type MappingVersion = z.infer<typeof MappingVersion>;
