import * as z from 'zod';
import { At } from './at.ts';

/** What can be done to a tenant's set-up: what it is done to, and the verb. */
export const AuditAct = z.enum([
  'tenant.create',
  'tenant.change',
  'api-key.issue',
  'api-key.revoke',
  'engine.change',
  'connector.add',
  'connector.change',
  'connector.remove',
  'connection.create',
  'connection.copy',
  'connection.change',
  'connection.activate',
  'connection.deactivate',
  'connection.resume',
  'connection.delete',
  'connection.restore',
  'connection.purge',
  'connection.refresh',
  'connections.order',
  'mapping.change',
  'defaults.change',
  'field-order.change',
  'drift.accept',
  'session.start',
  'session.refused',
  'session.end',
  'list-mapping.change',
  'crm-record.erase',
]);
export type AuditAct = z.infer<typeof AuditAct>;

export const AuditSubject = z.enum(['tenant', 'api-key', 'connector', 'connection', 'session', 'crm-record']);
export type AuditSubject = z.infer<typeof AuditSubject>;

/** One value of the set-up before and after. */
export const SetUpChange = z
  .object({
    path: z.string().meta({ description: 'Where it stands.', examples: ['config.user'] }),
    old: z.unknown().optional().describe('Absent where there was none. A secret reads as set.'),
    new: z.unknown().optional().describe('Absent where there is none. A secret that was entered reads as set `anew`.'),
  })
  .meta({ id: 'SetUpChange', description: 'One value of the set-up, before and after.' });
export type SetUpChange = z.infer<typeof SetUpChange>;

/** Who did something; `operator`: whoever has the stage's own AWS credentials. */
export const Actor = z
  .object({
    kind: z
      .enum(['api-key', 'user', 'operator', 'system'])
      .describe('`user`: of the CRM. `operator`: whoever runs the service. `system`: nobody, its time had come.'),
    id: z.string().optional().describe('Of the key or the user; absent where nobody knows who it was.'),
    name: z
      .string()
      .optional()
      .meta({ description: 'Of the key or the user.', examples: ['Scripts'] }),
  })
  .meta({ id: 'Who', description: 'Who did it.' });

/** Who did what to the set-up, when and from where; never changed, and deleted by nobody before its time. */
export const AuditEntry = z.object({
  tenantId: z.string(),
  /** Those of one moment sort by it. */
  id: z.string(),
  at: At,
  act: AuditAct.describe('What was done, to what kind of thing.'),
  by: Actor,
  from: z
    .string()
    .optional()
    .meta({ description: 'Address that the request came from.', examples: ['203.0.113.7'] }),
  subject: z
    .object({
      kind: AuditSubject,
      id: z.string(),
      name: z
        .string()
        .optional()
        .meta({ description: 'As it was called then.', examples: ['Demo ERP'] }),
    })
    .describe('What it was done to; `tenant`: to what holds for all connections.'),
  changes: z.array(SetUpChange).describe('Every value that differs.'),
  part: z
    .object({ number: z.number().int().describe('Which one.'), of: z.number().int().describe('How many there are.') })
    .optional()
    .describe('Of a change that is too large for one entry: which part of it, each with changes of its own.'),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
