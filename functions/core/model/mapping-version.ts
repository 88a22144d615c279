import * as z from 'zod';
import { ActorTypeMapping } from '../mapping/mapping.ts';
import { ActorType } from './actor-type.ts';
import { AuditEntry } from './audit.ts';

/** A mapping as it was saved; the first one is number 1, what automatic mapping made before it has no number. */
export const MappingVersion = z.object({
  ...ActorTypeMapping.shape,
  tenantId: z.string(),
  connectionId: z.string(),
  actorType: ActorType,
  number: z.number().int().min(1),
  at: z.string(),
  by: AuditEntry.shape.by,
  /** Paths of what differs from the mapping before it. */
  changed: z.array(z.string()),
  /** The version that was brought back. */
  restores: z.number().int().optional(),
});
export type MappingVersion = z.infer<typeof MappingVersion>;
