import * as z from 'zod';

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
  'crm-record.erase',
]);
export type AuditAct = z.infer<typeof AuditAct>;

export const AuditSubject = z.enum(['tenant', 'api-key', 'connector', 'connection', 'crm-record']);
export type AuditSubject = z.infer<typeof AuditSubject>;

/** One value of the set-up before and after; absent where there was or is none. A secret is only said to be set. */
export const SetUpChange = z.object({ path: z.string(), old: z.unknown().optional(), new: z.unknown().optional() });
export type SetUpChange = z.infer<typeof SetUpChange>;

/** Who did what to the set-up, when and from where; never changed, and deleted by nobody before its time. */
export const AuditEntry = z.object({
  tenantId: z.string(),
  /** Those of one moment sort by it. */
  id: z.string(),
  at: z.string(),
  act: AuditAct,
  /** `operator`: whoever has the stage's own AWS credentials; `system`: nobody, its time had come. */
  by: z.object({
    kind: z.enum(['api-key', 'operator', 'system']),
    id: z.string().optional(),
    name: z.string().optional(),
  }),
  /** Address that the request came from. */
  from: z.string().optional(),
  subject: z.object({ kind: AuditSubject, id: z.string(), name: z.string().optional() }),
  changes: z.array(SetUpChange),
  /** Of a change that is too large for one entry: which of how many, each with changes of its own. */
  part: z.object({ number: z.number().int(), of: z.number().int() }).optional(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
